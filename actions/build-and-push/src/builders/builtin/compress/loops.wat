;; The inner loops of deflate (RFC 1951): what occurs a second time (LZ77) is found, counted and written.
;; In JavaScript, they would be interpreted for most of the time that a small layer takes.
;; Positions are relative to the data; a token is a literal byte, or the length of a match in its upper half and its distance in the lower.
(module
  ;; Where things are; loads and stores have these numbers as their offsets.
  ;;       0  the last position of each hash, counted from 1 (32,768 entries)
  ;; 131,072  for each position in the window, the one before it with the same hash (32,768 entries)
  ;; 262,144  tokens
  ;; 368,640  counts of literals and lengths, and then their codes; 369,792 those of distances
  ;; 393,216  the data, and behind them what they become
  (memory (export "memory") 6)
  (global $tokens i32 (i32.const 262144))
  (global $literals (export "literals") i32 (i32.const 368640))
  (global $distances (export "distances") i32 (i32.const 369792))
  (global $data (export "data") i32 (i32.const 393216))

  ;; The number of tokens of a block. Those of the last match and the literals before it may be more.
  (global $block i32 (i32.const 24576))
  (global $count (mut i32) (i32.const 0))
  ;; What is written: the place of the next bytes, and bits that make no whole word yet.
  (global $out (export "out") (mut i32) (i32.const 0))
  (global $held (mut i64) (i64.const 0))
  (global $bits (mut i64) (i64.const 0))

  ;; Forgets what was read, and writes to a place from now on.
  (func (export "begin") (param $out i32)
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 131072))
    (global.set $out (local.get $out)))

  ;; Remembers the positions between two. Returns the one before the last of them with the same hash, or -1.
  (func $remember (param $at i32) (param $end i32) (result i32)
    (local $slot i32) (local $earlier i32)
    (loop $next
      (if (i32.lt_s (local.get $at) (local.get $end))
        (then
          ;; The place of the hash of four bytes: the upper 15 bits of a product, times the size of an entry.
          (local.set $slot
            (i32.and
              (i32.shr_u
                (i32.mul (i32.load offset=393216 (local.get $at)) (i32.const 0x9e3779b1))
                (i32.const 15))
              (i32.const 0x1fffc)))
          (local.set $earlier (i32.load (local.get $slot)))
          (i32.store offset=131072
            (i32.and (i32.shl (local.get $at) (i32.const 2)) (i32.const 0x1fffc))
            (local.get $earlier))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (i32.store (local.get $slot) (local.get $at))
          (br $next))))
    (i32.sub (local.get $earlier) (i32.const 1)))

  ;; How many bytes are the same at two positions, at most $limit.
  (func $same (param $a i32) (param $b i32) (param $limit i32) (result i32)
    (local $length i32) (local $differ i64)
    (loop $next
      (local.set $differ
        (i64.xor
          (i64.load offset=393216 (i32.add (local.get $a) (local.get $length)))
          (i64.load offset=393216 (i32.add (local.get $b) (local.get $length)))))
      (if (i64.eqz (local.get $differ))
        (then
          (local.set $length (i32.add (local.get $length) (i32.const 8)))
          (br_if $next (i32.lt_u (local.get $length) (local.get $limit))))
        (else
          (local.set $length
            (i32.add
              (local.get $length)
              (i32.wrap_i64 (i64.shr_u (i64.ctz (local.get $differ)) (i64.const 3))))))))
    (select (local.get $length) (local.get $limit) (i32.lt_u (local.get $length) (local.get $limit))))

  ;; The longest match at a position, among at most $places earlier ones; 0 where there is none of at least 4 bytes.
  ;; Remembers the position.
  (func $match (param $at i32) (param $end i32) (param $places i32) (result i32)
    (local $place i32) (local $earlier i32) (local $limit i32) (local $length i32)
    (local $best i32) (local $distance i32)
    (local.set $place (call $remember (local.get $at) (i32.add (local.get $at) (i32.const 1))))
    (local.set $limit (i32.sub (local.get $end) (local.get $at)))
    (if (i32.gt_s (local.get $limit) (i32.const 258)) (then (local.set $limit (i32.const 258))))
    (local.set $best (i32.const 3))
    (block $done
      (loop $next
        (br_if $done (i32.lt_s (local.get $place) (i32.const 0)))
        (br_if $done (i32.ge_s (i32.sub (local.get $at) (local.get $place)) (i32.const 32768)))
        ;; In a match that is longer than the best one, the four bytes up to the first one behind that are the same.
        (if (i32.eq
            (i32.load offset=393213 (i32.add (local.get $place) (local.get $best)))
            (i32.load offset=393213 (i32.add (local.get $at) (local.get $best))))
          (then
            (local.set $length (call $same (local.get $place) (local.get $at) (local.get $limit)))
            (if (i32.gt_s (local.get $length) (local.get $best))
              (then
                (local.set $best (local.get $length))
                (local.set $distance (i32.sub (local.get $at) (local.get $place)))
                ;; Long enough.
                (br_if $done (i32.ge_s (local.get $length) (i32.const 64)))
                (br_if $done (i32.eq (local.get $length) (local.get $limit)))))))
        (local.set $earlier
          (i32.sub
            (i32.load offset=131072 (i32.and (i32.shl (local.get $place) (i32.const 2)) (i32.const 0x1fffc)))
            (i32.const 1)))
        (br_if $done (i32.ge_s (local.get $earlier) (local.get $place)))
        (local.set $place (local.get $earlier))
        (local.set $places (i32.sub (local.get $places) (i32.const 1)))
        (br_if $next (local.get $places))))
    (if (result i32) (local.get $distance)
      (then (i32.or (i32.shl (local.get $best) (i32.const 16)) (local.get $distance)))
      (else (i32.const 0))))

  (func $emit (param $token i32)
    (i32.store offset=262144 (i32.shl (global.get $count) (i32.const 2)) (local.get $token))
    (global.set $count (i32.add (global.get $count) (i32.const 1))))

  (func $emitLiteral (param $at i32)
    (call $emit (i32.load8_u offset=393216 (local.get $at))))

  (func $min (param $a i32) (param $b i32) (result i32)
    (select (local.get $a) (local.get $b) (i32.lt_s (local.get $a) (local.get $b))))

  ;; Reads tokens from a position on, until they fill a block or the end is reached. Returns the position after them.
  (func (export "read") (param $at i32) (param $end i32) (result i32)
    (local $match i32) (local $length i32) (local $next i32) (local $misses i32) (local $passed i32)
    (global.set $count (i32.const 0))
    (loop $continue
      (if (i32.and
          (i32.lt_s (local.get $at) (local.get $end))
          (i32.lt_s (global.get $count) (global.get $block)))
        (then
          (local.set $match (i32.const 0))
          (if (i32.le_s (i32.add (local.get $at) (i32.const 4)) (local.get $end))
            (then (local.set $match (call $match (local.get $at) (local.get $end) (i32.const 8)))))
          (if (i32.eqz (local.get $match))
            (then
              ;; The longer nothing is found, the more bytes are passed over: data that do not repeat cost less.
              (local.set $passed (i32.add (i32.shr_u (local.get $misses) (i32.const 6)) (i32.const 1)))
              (local.set $misses (i32.add (local.get $misses) (i32.const 1)))
              (loop $pass
                (call $emitLiteral (local.get $at))
                (local.set $at (i32.add (local.get $at) (i32.const 1)))
                (local.set $passed (i32.sub (local.get $passed) (i32.const 1)))
                (br_if $pass
                  (i32.and
                    (i32.gt_s (local.get $passed) (i32.const 0))
                    (i32.and
                      (i32.lt_s (local.get $at) (local.get $end))
                      (i32.lt_s (global.get $count) (global.get $block))))))
              (br $continue)))
          (local.set $misses (i32.const 0))
          (local.set $length (i32.shr_u (local.get $match) (i32.const 16)))
          ;; A longer match may begin at the next byte.
          (block $best
            (loop $lazy
              (br_if $best (i32.ge_s (local.get $length) (i32.const 64)))
              (br_if $best (i32.gt_s (i32.add (local.get $at) (i32.const 5)) (local.get $end)))
              (br_if $best (i32.ge_s (global.get $count) (global.get $block)))
              (local.set $next
                (call $match (i32.add (local.get $at) (i32.const 1)) (local.get $end) (i32.const 4)))
              (if (i32.le_u (i32.shr_u (local.get $next) (i32.const 16)) (local.get $length))
                (then
                  (drop
                    (call $remember
                      (i32.add (local.get $at) (i32.const 2))
                      (call $min
                        (i32.add (local.get $at) (local.get $length))
                        (i32.sub (local.get $end) (i32.const 4)))))
                  (br $best)))
              (call $emitLiteral (local.get $at))
              (local.set $at (i32.add (local.get $at) (i32.const 1)))
              (local.set $match (local.get $next))
              (local.set $length (i32.shr_u (local.get $match) (i32.const 16)))
              (br $lazy)))
          (if (i32.ge_s (local.get $length) (i32.const 64))
            (then
              (drop
                (call $remember
                  (i32.add (local.get $at) (i32.const 1))
                  (call $min (i32.add (local.get $at) (local.get $length)) (i32.sub (local.get $end) (i32.const 4)))))))
          (call $emit (local.get $match))
          (local.set $at (i32.add (local.get $at) (local.get $length)))
          (br $continue))))
    (local.get $at))

  ;; Codes and their extra bits (RFC 1951, 3.2.5), from the length or distance less the least one.

  (func $lengthExtra (param $length i32) (result i32)
    (if (result i32) (i32.or (i32.lt_u (local.get $length) (i32.const 8)) (i32.eq (local.get $length) (i32.const 255)))
      (then (i32.const 0))
      (else (i32.sub (i32.const 29) (i32.clz (local.get $length))))))

  (func $lengthCode (param $length i32) (param $extra i32) (result i32)
    (if (i32.eq (local.get $length) (i32.const 255)) (then (return (i32.const 285))))
    (i32.add
      (i32.add (i32.const 257) (i32.shl (local.get $extra) (i32.const 2)))
      (i32.shr_u (local.get $length) (local.get $extra))))

  (func $distanceExtra (param $distance i32) (result i32)
    (if (result i32) (i32.lt_u (local.get $distance) (i32.const 4))
      (then (i32.const 0))
      (else (i32.sub (i32.const 30) (i32.clz (local.get $distance))))))

  (func $distanceCode (param $distance i32) (param $extra i32) (result i32)
    (i32.add
      (i32.shl (local.get $extra) (i32.const 1))
      (i32.shr_u (local.get $distance) (local.get $extra))))

  (func $increment (param $counts i32) (param $symbol i32)
    (local $slot i32)
    (local.set $slot (i32.add (local.get $counts) (i32.shl (local.get $symbol) (i32.const 2))))
    (i32.store (local.get $slot) (i32.add (i32.load (local.get $slot)) (i32.const 1))))

  ;; Counts the symbols of the tokens that were read. Returns the sum of their extra bits.
  (func (export "tally") (result i32)
    (local $at i32) (local $end i32) (local $token i32) (local $length i32) (local $distance i32)
    (local $lengthExtra i32) (local $distanceExtra i32) (local $extra i32)
    (memory.fill (global.get $literals) (i32.const 0) (i32.const 1280))
    (local.set $at (global.get $tokens))
    (local.set $end (i32.add (local.get $at) (i32.shl (global.get $count) (i32.const 2))))
    (loop $next
      (if (i32.lt_u (local.get $at) (local.get $end))
        (then
          (local.set $token (i32.load (local.get $at)))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (if (i32.lt_u (local.get $token) (i32.const 65536))
            (then (call $increment (global.get $literals) (local.get $token)) (br $next)))
          (local.set $length (i32.sub (i32.shr_u (local.get $token) (i32.const 16)) (i32.const 3)))
          (local.set $distance (i32.sub (i32.and (local.get $token) (i32.const 0xffff)) (i32.const 1)))
          (local.set $lengthExtra (call $lengthExtra (local.get $length)))
          (local.set $distanceExtra (call $distanceExtra (local.get $distance)))
          (call $increment (global.get $literals) (call $lengthCode (local.get $length) (local.get $lengthExtra)))
          (call $increment
            (global.get $distances)
            (call $distanceCode (local.get $distance) (local.get $distanceExtra)))
          (local.set $extra
            (i32.add (local.get $extra) (i32.add (local.get $lengthExtra) (local.get $distanceExtra))))
          (br $next))))
    (local.get $extra))

  ;; Writes at most 32 bits, the lowest first.
  (func $put (export "put") (param $value i32) (param $count i32)
    (global.set $held
      (i64.or
        (global.get $held)
        (i64.shl (i64.extend_i32_u (local.get $value)) (global.get $bits))))
    (global.set $bits (i64.add (global.get $bits) (i64.extend_i32_u (local.get $count))))
    (if (i64.ge_u (global.get $bits) (i64.const 32))
      (then
        (i64.store32 (global.get $out) (global.get $held))
        (global.set $out (i32.add (global.get $out) (i32.const 4)))
        (global.set $held (i64.shr_u (global.get $held) (i64.const 32)))
        (global.set $bits (i64.sub (global.get $bits) (i64.const 32))))))

  ;; Fills the last byte with zeros.
  (func $align
    (i64.store32 (global.get $out) (global.get $held))
    (global.set $out
      (i32.add
        (global.get $out)
        (i32.wrap_i64 (i64.shr_u (i64.add (global.get $bits) (i64.const 7)) (i64.const 3)))))
    (global.set $held (i64.const 0))
    (global.set $bits (i64.const 0)))

  ;; A code is in the lower half of its entry, and its length in the upper.
  (func $putCoded (param $codes i32) (param $symbol i32) (param $value i32) (param $extra i32)
    (local $entry i32) (local $length i32)
    (local.set $entry (i32.load (i32.add (local.get $codes) (i32.shl (local.get $symbol) (i32.const 2)))))
    (local.set $length (i32.shr_u (local.get $entry) (i32.const 16)))
    (call $put
      (i32.or
        (i32.and (local.get $entry) (i32.const 0xffff))
        (i32.shl
          (i32.and (local.get $value) (i32.sub (i32.shl (i32.const 1) (local.get $extra)) (i32.const 1)))
          (local.get $length)))
      (i32.add (local.get $length) (local.get $extra))))

  ;; Writes the tokens that were read, and the end of the block, with codes that have taken the place of their counts.
  (func (export "write")
    (local $at i32) (local $end i32) (local $token i32) (local $value i32) (local $extra i32)
    (local.set $at (global.get $tokens))
    (local.set $end (i32.add (local.get $at) (i32.shl (global.get $count) (i32.const 2))))
    (loop $next
      (if (i32.lt_u (local.get $at) (local.get $end))
        (then
          (local.set $token (i32.load (local.get $at)))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (if (i32.lt_u (local.get $token) (i32.const 65536))
            (then
              (call $putCoded (global.get $literals) (local.get $token) (i32.const 0) (i32.const 0))
              (br $next)))
          (local.set $value (i32.sub (i32.shr_u (local.get $token) (i32.const 16)) (i32.const 3)))
          (local.set $extra (call $lengthExtra (local.get $value)))
          (call $putCoded
            (global.get $literals)
            (call $lengthCode (local.get $value) (local.get $extra))
            (local.get $value)
            (local.get $extra))
          (local.set $value (i32.sub (i32.and (local.get $token) (i32.const 0xffff)) (i32.const 1)))
          (local.set $extra (call $distanceExtra (local.get $value)))
          (call $putCoded
            (global.get $distances)
            (call $distanceCode (local.get $value) (local.get $extra))
            (local.get $value)
            (local.get $extra))
          (br $next))))
    (call $putCoded (global.get $literals) (i32.const 256) (i32.const 0) (i32.const 0)))

  ;; Writes the bytes between two positions as they are, in blocks of at most 65,535.
  (func (export "store") (param $at i32) (param $end i32)
    (local $length i32)
    (loop $next
      (local.set $length (call $min (i32.sub (local.get $end) (local.get $at)) (i32.const 65535)))
      (call $put (i32.const 0) (i32.const 3))
      (call $align)
      (i32.store
        (global.get $out)
        (i32.or
          (local.get $length)
          (i32.shl (i32.xor (local.get $length) (i32.const 0xffff)) (i32.const 16))))
      (global.set $out (i32.add (global.get $out) (i32.const 4)))
      (memory.copy (global.get $out) (i32.add (global.get $data) (local.get $at)) (local.get $length))
      (global.set $out (i32.add (global.get $out) (local.get $length)))
      (local.set $at (i32.add (local.get $at) (local.get $length)))
      (br_if $next (i32.lt_s (local.get $at) (local.get $end)))))
)
