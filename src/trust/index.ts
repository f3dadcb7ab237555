export { judgeTrust } from './judge-trust.ts';
export { newKey } from './minisign/sign-minisign.ts';
export { combineTrust } from './policy/combine-trust.ts';
export { NO_TRUST, parseTrust } from './policy/parse-trust.ts';
export type { TrustPolicy } from './policy/policy.ts';
export type { TrustQuestion } from './question.ts';
export { TRUST_REASONS } from './reasons.ts';
export { signCosign, signStatement } from './sign.ts';
export { SIGNATURE_FILES, type SignatureFile, statementOf } from './statement.ts';
