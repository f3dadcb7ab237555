// What is said in English elsewhere. cspell:disable
import type { PatternRule } from '../rule.ts';
import { FORGETS } from './forget.ts';
import { SENDS_SECRETS } from './give-away.ts';
import { KEEPS_SECRET } from './secrecy.ts';

// `\b` knows the letters of ASCII alone. Spaces stand for any white space.
const phrase = (text: string): RegExp => new RegExp(`(?<!\\p{L})(?:${text.replaceAll(' ', '\\s{1,4}')})`, 'giu');

/** To forget what was said before, language by language. */
const OVERRIDES: readonly string[] = [
  // Spanish
  '(?:ignor|olvid|descart|desobedec|omit)(?:a|e|ar|er|ir|en|ad|es)? (?:por favor )?(?:(?:todas|cualquier|las|tus|sus|mis|los|todos|el|la) ){0,3}(?:instrucci[oó]n(?:es)?|reglas?|[oó]rden(?:es)?|indicaci[oó]n(?:es)?|directri(?:z|ces)|restricciones) (?:anterior(?:es)?|previas?|originales|iniciales|del sistema|de arriba|que (?:te|se|has|hayas))',
  // French
  "(?:(?:ignore[rz]?|oublie[rz]?|n[ée]glige[rz]?) |ne tiens pas compte (?:de |des )|fais abstraction (?:de |des ))(?:(?:toutes|tous|les|tes|vos|mes|l['’]ensemble des) ){0,3}(?:instructions?|consignes?|r[èe]gles?|directives?|ordres) (?:pr[ée]c[ée]dente?s?|ant[ée]rieure?s?|initiale?s?|ci-dessus|du syst[èe]me|syst[èe]me|que tu as)",
  // German
  '(?:ignorier(?:e|en|t)?|vergiss|vergessen|missachte[nt]?|[üu]bergehe?n?|verwirf|verwerfen) (?:Sie )?(?:bitte )?(?:(?:alle|s[äa]mtliche|die|deine|Ihre|jegliche) ){0,3}(?:bisherigen?|vorherigen?|vorigen?|fr[üu]heren?|obigen?|urspr[üu]nglichen?|vorangegangenen?|vorhergehenden?) (?:System)?(?:anweisungen|instruktionen|regeln|vorgaben|befehle|anleitungen|prompts)',
  // Italian
  '(?:ignora(?:re|te)?|dimentica(?:re|te)?|trascura(?:re)?|tralascia) (?:(?:tutte|le|qualsiasi|ogni|tue) ){0,3}(?:istruzion[ie]|regol[ae]|direttiv[ae]|indicazion[ie]|ordini) (?:precedent[ei]|anterior[ei]|originali|iniziali|di sistema|del sistema)',
  // Portuguese
  '(?:ignore|ignora|ignorar|esque[çc]a|esquece|desconsidere|descarte) (?:(?:todas|as|quaisquer|suas|tuas|minhas|os|todos) ){0,3}(?:instru[çc][õo]es|regras|diretrizes|ordens|comandos) (?:anteriores|pr[ée]vias|originais|iniciais|acima|do sistema)',
  // Russian
  '(?:игнорируй(?:те)?|проигнорируй(?:те)?|забудь(?:те)?|не обращай(?:те)? внимания на|отбрось(?:те)?) (?:(?:все|всё|любые|свои|эти) ){0,2}(?:предыдущи[ей]|прежние|прошлые|ранние|вышеуказанные|системные|исходные) (?:инструкции|указания|правила|команды|ограничения)',
  // Chinese
  '(?:忽略|无视|無視|忘记|忘記|忘掉|不要理会|不要遵守|覆盖)(?:掉)?(?:你|您)?(?:所有|一切|任何|全部)?(?:之前|以前|以上|先前|上述|前面|此前|原有|系统|系統)(?:的)?(?:所有|一切|任何|全部)?(?:的)?(?:指令|指示|规则|規則|提示词|提示|命令|要求|限制|说明)',
  // Japanese
  '(?:以前|これまで|今まで|上記|先ほど|前)の(?:すべての|全ての|あらゆる)?(?:指示|命令|ルール|プロンプト|制約)(?:は|を)?(?:すべて|全て)?(?:無視|忘れ|破棄)',
  // Korean
  '(?:이전|앞선|위의|기존)(?:의)?\\s{0,2}(?:모든 )?(?:지시|지침|명령|규칙|프롬프트)(?:사항)?(?:을|를|은|는)?\\s{0,2}(?:모두 )?(?:무시|잊)',
];

/** To keep something from the person. */
const SECRECY: readonly string[] = [
  'no (?:(?:se lo|le|lo) )?(?:digas?|informes?|menciones?|cuentes?|reveles?|avises?|notifiques?) [^.\\n]{0,40}?(?:al usuario|a la usuaria|al humano|a nadie)',
  "(?:ne|n['’])\\s{0,2}(?:(?:le|en|l['’])\\s{0,2})?(?:dis|dites|mentionne[sz]?|r[ée]v[èe]le[sz]?|informe[sz]?|parle[sz]?|pr[ée]vien[sz]?|signale[sz]?) (?:pas|rien|jamais|surtout pas) [^.\\n]{0,40}?l['’]utilisat(?:eur|rice)",
  '(?:sage?|sagen Sie|erz[äa]hle?|verrate?|teile?|gib|melde) (?:(?:dem|der|den) )(?:Benutzer|Nutzer|Anwender|Person|Menschen)(?:in|n)? (?:(?:davon|dar[üu]ber|hiervon|bitte) )?(?:nichts|nicht|niemals)',
  '(?:informiere?|benachrichtige|erw[äa]hne) (?:(?:dies|das|es) )?(?:(?:den|gegen[üu]ber dem|dem) )(?:Benutzer|Nutzer|Anwender)s? (?:nicht|niemals|nie)',
  "non (?:dire|rivelare|menzionare|informare|avvisare|comunicare) [^.\\n]{0,40}?(?:all['’]utente|l['’]utente)",
  'n[ãa]o (?:conte|diga|informe|mencione|revele|avise|notifique) [^.\\n]{0,40}?(?:(?:ao|[àa]|o|a|para o) )(?:usu[áa]ri[oa]|utilizador)',
  'не (?:говори|сообщай|рассказывай|упоминай|уведомляй)(?:те)? [^.\\n]{0,40}?пользовател',
  '(?:不要|不得|切勿|别|禁止|無需|无需)(?:向)?(?:告诉|告知|告訴|通知|透露给|提醒)(?:用户|使用者|用戶|人类)',
  '(?:ユーザー|利用者)に(?:は)?(?:何も)?(?:言わない|伝えない|知らせない|話さない|教えない|報告しない)で?',
  '사용자(?:에게|한테)(?:는)?\\s{0,2}(?:이 사실을 )?(?:말하지|알리지|언급하지|보고하지)\\s{0,2}(?:마|말)',
];

/** To send secrets somewhere. */
const SENDS: readonly string[] = [
  '(?:env[ií]a(?:r|le)?|manda(?:r)?|sube|envoie[sz]?|envoyez|transmets|transmettez|sende[nt]?|schicke?n?|[üu]bermittle|invia(?:re)?|envie|отправь(?:те)?|перешли(?:те)?|发送|上传|上傳|送信|보내)\\s{0,2}[^.\\n]{0,80}?(?:\\.env|contrase[ñn]as?|claves?|credenciales|mots? de passe|cl[ée]s?|identifiants|passw[öo]rt(?:er)?|schl[üu]ssel|zugangsdaten|credenziali|senhas?|credenciais|парол|ключ|секрет|密码|密钥|令牌|凭证|パスワード|鍵|비밀번호|token|secrets?|~/\\.(?:ssh|aws))[^.\\n]{0,60}?https?://',
];

/** The commonest orders to a model in other languages than English. */
export const OTHER_LANGUAGES: readonly PatternRule[] = [
  ...OVERRIDES.map((text) => ({ ...FORGETS, find: phrase(text) })),
  ...SECRECY.map((text) => ({ ...KEEPS_SECRET, find: phrase(text) })),
  ...SENDS.map((text) => ({ ...SENDS_SECRETS, find: phrase(text) })),
];
