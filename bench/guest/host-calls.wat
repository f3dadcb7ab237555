;; Calls the smallest host function, `log` with an empty message, as often as it is told.
(component
  (import "skillhost:guest/log@0.1.0" (instance $log
    (type $enum (enum "debug" "info" "warn" "error"))
    (export "level" (type $level (eq $enum)))
    (export "log" (func (param "level" $level) (param "message" string)))))
  (core module $libc (memory (export "memory") 1))
  (core instance $libc (instantiate $libc))
  (core func $log (canon lower (func $log "log") (memory (core memory $libc "memory"))))
  (core module $main
    (import "host" "log" (func $log (param i32 i32 i32)))
    (func (export "call-host") (param $left i32) (result i32)
      (local $made i32)
      (block $done
        (loop $next
          (br_if $done (i32.eqz (local.get $left)))
          (call $log (i32.const 0) (i32.const 0) (i32.const 0))
          (local.set $left (i32.sub (local.get $left) (i32.const 1)))
          (local.set $made (i32.add (local.get $made) (i32.const 1)))
          (br $next)))
      (local.get $made)))
  (core instance $main (instantiate $main (with "host" (instance (export "log" (func $log))))))
  (func (export "call-host") (param "times" s32) (result s32) (canon lift (core func $main "call-host"))))
