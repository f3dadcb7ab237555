export { isPublicAddress, literalAddress, resolveHost } from './capability/address.ts';
export type { CapabilityName, Capabilities, CommandRules, Rule } from './capability/capabilities.ts';
export { NO_CAPABILITIES, NO_COMMANDS } from './capability/capabilities.ts';
export { type CapabilityRequest, decide, type Decision } from './capability/decide.ts';
export { findProgram } from './capability/find-program.ts';
export type { GateRecord } from './capability/gate.ts';
export { type Anchors, expandPath, type Layer, resolveLayer } from './capability/layer.ts';
export { type CommandOptions, type CommandRequest, type CommandResult, Commands } from './command/commands.ts';
export { steersPrograms } from './capability/steering-variable.ts';
export { PROGRAM_NETWORK } from './capability/network-rule.ts';
export {
  CapabilityDenied,
  ERROR_CLASSES,
  ERROR_CODES,
  type ErrorClass,
  type ErrorCode,
  GuestError,
  SkillError,
} from './errors.ts';
export { Reading } from './function/reading.ts';
export type { Answering, HostCallEvent } from './function/broker.ts';
export type { LogLevel, SecretSource, StateStore, ValueCache } from './function/scope.ts';
export { CEILINGS, FIXED, isLimitName, type LimitName, type Limits, parseLimit } from './limits.ts';
export { inspectModule } from './module/inspect-module.ts';
export type { GuestKind, GuestTool, ModuleDescription, ToolInput } from './module/tool.ts';
export { escapeInvisible, hasInvisible, quote, quoteForShell, replaceInvisible } from './quote.ts';
export { shutInherited } from './shut-inherited.ts';
export { Redactor } from './redactor.ts';
export type { Session, SessionReply, SessionRequest } from './session/session.ts';
export { SESSION_PROGRAMS } from './session/drivers.ts';
export { Sandbox, type SandboxCall, type SandboxResult, type Usage } from './sandbox.ts';
export type { Supervisor } from './supervisor/supervisor.ts';
export type { WireValue } from './wire/codec.ts';
export { HostCallRefusal } from './wire/refusal.ts';
