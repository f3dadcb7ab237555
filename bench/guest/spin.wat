;; Never ends by itself.
(module
  (func (export "spin") (loop (br 0)))
  (func (export "one") (result i32) (i32.const 1)))
