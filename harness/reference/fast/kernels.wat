;; Products of int8 codes and constant int8 weights with int32 sums, rounded by the formula `double`: the fast path of CONV_2D,
;; DEPTHWISE_CONV_2D, FULLY_CONNECTED and the LSTM. kernels.wasm is this text assembled by assemble.ts.
;;
;; Codes are widened to int16 with their zero point subtracted, into an image whose border holds zeros, so that padding needs no
;; test and no zero point is left in the sums. All parameters of a layer lie in memory, as layer.ts writes them:
;;
;;    0 source        int8 codes of the input                    40 columnStep    bytes of the image from one window to the next
;;    4 target        where they go in the image                 44 sums          int32, scratch, one a channel (rounded up)
;;    8 sourceRows     0: keep it                                48 channels      to store
;;   12 sourceColumns codes of a row                             52 factors       {multiplier, left, right, start} of each channel
;;   16 targetStep    bytes of a row of the image                56 zeroPoint     of the output
;;   20 zeroPoint     of the input                               60 least
;;   24 image         where the first window begins              64 greatest
;;   28 rows          of the output                              68 output
;;   32 columns       of the output                              72 outputStep    bytes from one window's results to the next
;;   36 rowStep       bytes of the image between rows of windows 76 isWide        results are int16 instead of int8
;;   80 weights       int16                                      84 offsets       bytes from the window's begin to each segment
;;   88 segments      contiguous parts of a window               92 steps         groups of 8 codes in a segment
;;   96 blocks        of 4 channels (products) or 8 (depthwise)
(module
  (memory (export "memory") 1)

  ;; Copies the input into the image: int8 -> int16, minus the zero point.
  (func $widen (param $p i32)
    (local $from i32) (local $to i32) (local $row i32) (local $left i32) (local $zero v128) (local $target i32)
    (local.set $zero (i16x8.splat (i32.load offset=20 (local.get $p))))
    (local.set $from (i32.load offset=0 (local.get $p)))
    (local.set $target (i32.load offset=4 (local.get $p)))
    (local.set $row (i32.load offset=8 (local.get $p)))
    (if (i32.eqz (local.get $row)) (then (return)))
    (loop $rows
      (local.set $to (local.get $target))
      (local.set $left (i32.load offset=12 (local.get $p)))
      (block $tail
        (loop $eights
          (br_if $tail (i32.lt_s (local.get $left) (i32.const 8)))
          (v128.store (local.get $to) (i16x8.sub (v128.load8x8_s (local.get $from)) (local.get $zero)))
          (local.set $from (i32.add (local.get $from) (i32.const 8)))
          (local.set $to (i32.add (local.get $to) (i32.const 16)))
          (local.set $left (i32.sub (local.get $left) (i32.const 8)))
          (br $eights)))
      (block $done
        (loop $ones
          (br_if $done (i32.eqz (local.get $left)))
          (i32.store16 (local.get $to) (i32.sub (i32.load8_s (local.get $from)) (i32.load offset=20 (local.get $p))))
          (local.set $from (i32.add (local.get $from) (i32.const 1)))
          (local.set $to (i32.add (local.get $to) (i32.const 2)))
          (local.set $left (i32.sub (local.get $left) (i32.const 1)))
          (br $ones)))
      (local.set $target (i32.add (local.get $target) (i32.load offset=16 (local.get $p))))
      (br_if $rows (local.tee $row (i32.sub (local.get $row) (i32.const 1))))))

  ;; One window's sums -> codes at $out: start, rounding doubling high multiply, rounding shift with ties away from zero, clamp.
  (func $finish (param $p i32) (param $out i32)
    (local $sum i32) (local $factor i32) (local $end i32) (local $x i32) (local $mask i32)
    (local $zero i32) (local $least i32) (local $greatest i32) (local $wide i32)
    (local.set $sum (i32.load offset=44 (local.get $p)))
    (local.set $end (i32.add (local.get $sum) (i32.shl (i32.load offset=48 (local.get $p)) (i32.const 2))))
    (local.set $factor (i32.load offset=52 (local.get $p)))
    (local.set $zero (i32.load offset=56 (local.get $p)))
    (local.set $least (i32.load offset=60 (local.get $p)))
    (local.set $greatest (i32.load offset=64 (local.get $p)))
    (local.set $wide (i32.load offset=76 (local.get $p)))
    (loop $channels
      (local.set $x
        (i32.wrap_i64 (i64.shr_s
          (i64.add
            (i64.mul
              (i64.extend_i32_s (i32.shl
                (i32.add (i32.load (local.get $sum)) (i32.load offset=12 (local.get $factor)))
                (i32.load offset=4 (local.get $factor))))
              (i64.load32_s (local.get $factor)))
            (i64.const 0x40000000))
          (i64.const 31))))
      (local.set $mask (i32.sub (i32.shl (i32.const 1) (i32.load offset=8 (local.get $factor))) (i32.const 1)))
      (local.set $x
        (i32.add
          (i32.add
            (i32.shr_s (local.get $x) (i32.load offset=8 (local.get $factor)))
            (i32.gt_s
              (i32.and (local.get $x) (local.get $mask))
              (i32.add (i32.shr_s (local.get $mask) (i32.const 1)) (i32.shr_u (local.get $x) (i32.const 31)))))
          (local.get $zero)))
      (local.set $x (select (local.get $least) (local.get $x) (i32.lt_s (local.get $x) (local.get $least))))
      (local.set $x (select (local.get $greatest) (local.get $x) (i32.gt_s (local.get $x) (local.get $greatest))))
      (if (local.get $wide)
        (then
          (i32.store16 (local.get $out) (local.get $x))
          (local.set $out (i32.add (local.get $out) (i32.const 2))))
        (else
          (i32.store8 (local.get $out) (local.get $x))
          (local.set $out (i32.add (local.get $out) (i32.const 1)))))
      (local.set $factor (i32.add (local.get $factor) (i32.const 16)))
      (br_if $channels (i32.lt_u (local.tee $sum (i32.add (local.get $sum) (i32.const 4))) (local.get $end)))))

  ;; Sums of every window and channel. weights: [blocks][segments][steps][4 channels][8].
  (func $products (export "products") (param $p i32)
    (local $row i32) (local $column i32) (local $rowAt i32) (local $at i32) (local $out i32)
    (local $block i32) (local $segment i32) (local $step i32) (local $w i32) (local $x i32) (local $sums i32) (local $offsets i32)
    (local $codes v128) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (call $widen (local.get $p))
    (local.set $rowAt (i32.load offset=24 (local.get $p)))
    (local.set $out (i32.load offset=68 (local.get $p)))
    (local.set $row (i32.load offset=28 (local.get $p)))
    (loop $rows
      (local.set $at (local.get $rowAt))
      (local.set $column (i32.load offset=32 (local.get $p)))
      (loop $columns
        (local.set $w (i32.load offset=80 (local.get $p)))
        (local.set $sums (i32.load offset=44 (local.get $p)))
        (local.set $block (i32.load offset=96 (local.get $p)))
        (loop $blocks
          (local.set $a (v128.const i32x4 0 0 0 0))
          (local.set $b (v128.const i32x4 0 0 0 0))
          (local.set $c (v128.const i32x4 0 0 0 0))
          (local.set $d (v128.const i32x4 0 0 0 0))
          (local.set $offsets (i32.load offset=84 (local.get $p)))
          (local.set $segment (i32.load offset=88 (local.get $p)))
          (loop $segments
            (local.set $x (i32.add (local.get $at) (i32.load (local.get $offsets))))
            (local.set $step (i32.load offset=92 (local.get $p)))
            (loop $steps
              (local.set $codes (v128.load (local.get $x)))
              (local.set $a (i32x4.add (local.get $a) (i32x4.dot_i16x8_s (local.get $codes) (v128.load (local.get $w)))))
              (local.set $b (i32x4.add (local.get $b) (i32x4.dot_i16x8_s (local.get $codes) (v128.load offset=16 (local.get $w)))))
              (local.set $c (i32x4.add (local.get $c) (i32x4.dot_i16x8_s (local.get $codes) (v128.load offset=32 (local.get $w)))))
              (local.set $d (i32x4.add (local.get $d) (i32x4.dot_i16x8_s (local.get $codes) (v128.load offset=48 (local.get $w)))))
              (local.set $x (i32.add (local.get $x) (i32.const 16)))
              (local.set $w (i32.add (local.get $w) (i32.const 64)))
              (br_if $steps (local.tee $step (i32.sub (local.get $step) (i32.const 1)))))
            (local.set $offsets (i32.add (local.get $offsets) (i32.const 4)))
            (br_if $segments (local.tee $segment (i32.sub (local.get $segment) (i32.const 1)))))
          ;; The lanes of each vector added up: a0+a2 b0+b2 a1+a3 b1+b3, then the halves.
          (local.set $a (i32x4.add
            (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $a) (local.get $b))
            (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $a) (local.get $b))))
          (local.set $c (i32x4.add
            (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $c) (local.get $d))
            (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $c) (local.get $d))))
          (v128.store (local.get $sums) (i32x4.add
            (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $a) (local.get $c))
            (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $a) (local.get $c))))
          (local.set $sums (i32.add (local.get $sums) (i32.const 16)))
          (br_if $blocks (local.tee $block (i32.sub (local.get $block) (i32.const 1)))))
        (call $finish (local.get $p) (local.get $out))
        (local.set $out (i32.add (local.get $out) (i32.load offset=72 (local.get $p))))
        (local.set $at (i32.add (local.get $at) (i32.load offset=40 (local.get $p))))
        (br_if $columns (local.tee $column (i32.sub (local.get $column) (i32.const 1)))))
      (local.set $rowAt (i32.add (local.get $rowAt) (i32.load offset=36 (local.get $p))))
      (br_if $rows (local.tee $row (i32.sub (local.get $row) (i32.const 1))))))

  ;; The same where each channel has its own input channel. A segment is one position of the kernel; weights: [blocks][segments][8].
  (func (export "depthwise") (param $p i32)
    (local $row i32) (local $column i32) (local $rowAt i32) (local $at i32) (local $blockAt i32) (local $out i32)
    (local $block i32) (local $segment i32) (local $w i32) (local $sums i32) (local $offsets i32)
    (local $codes v128) (local $weights v128) (local $low v128) (local $high v128)
    (call $widen (local.get $p))
    (local.set $rowAt (i32.load offset=24 (local.get $p)))
    (local.set $out (i32.load offset=68 (local.get $p)))
    (local.set $row (i32.load offset=28 (local.get $p)))
    (loop $rows
      (local.set $at (local.get $rowAt))
      (local.set $column (i32.load offset=32 (local.get $p)))
      (loop $columns
        (local.set $w (i32.load offset=80 (local.get $p)))
        (local.set $sums (i32.load offset=44 (local.get $p)))
        (local.set $block (i32.load offset=96 (local.get $p)))
        (local.set $blockAt (local.get $at))
        (loop $blocks
          (local.set $low (v128.const i32x4 0 0 0 0))
          (local.set $high (v128.const i32x4 0 0 0 0))
          (local.set $offsets (i32.load offset=84 (local.get $p)))
          (local.set $segment (i32.load offset=88 (local.get $p)))
          (loop $segments
            (local.set $codes (v128.load (i32.add (local.get $blockAt) (i32.load (local.get $offsets)))))
            (local.set $weights (v128.load (local.get $w)))
            (local.set $low (i32x4.add (local.get $low) (i32x4.extmul_low_i16x8_s (local.get $codes) (local.get $weights))))
            (local.set $high (i32x4.add (local.get $high) (i32x4.extmul_high_i16x8_s (local.get $codes) (local.get $weights))))
            (local.set $w (i32.add (local.get $w) (i32.const 16)))
            (local.set $offsets (i32.add (local.get $offsets) (i32.const 4)))
            (br_if $segments (local.tee $segment (i32.sub (local.get $segment) (i32.const 1)))))
          (v128.store (local.get $sums) (local.get $low))
          (v128.store offset=16 (local.get $sums) (local.get $high))
          (local.set $sums (i32.add (local.get $sums) (i32.const 32)))
          (local.set $blockAt (i32.add (local.get $blockAt) (i32.const 16)))
          (br_if $blocks (local.tee $block (i32.sub (local.get $block) (i32.const 1)))))
        (call $finish (local.get $p) (local.get $out))
        (local.set $out (i32.add (local.get $out) (i32.load offset=72 (local.get $p))))
        (local.set $at (i32.add (local.get $at) (i32.load offset=40 (local.get $p))))
        (br_if $columns (local.tee $column (i32.sub (local.get $column) (i32.const 1)))))
      (local.set $rowAt (i32.add (local.get $rowAt) (i32.load offset=36 (local.get $p))))
      (br_if $rows (local.tee $row (i32.sub (local.get $row) (i32.const 1))))))

  ;; A factor {multiplier, left, right} on an int32, rounded by `double`.
  (func $requantise (param $x i32) (param $factor i32) (result i32)
    (local $mask i32)
    (local.set $x
      (i32.wrap_i64 (i64.shr_s
        (i64.add
          (i64.mul
            (i64.extend_i32_s (i32.shl (local.get $x) (i32.load offset=4 (local.get $factor))))
            (i64.load32_s (local.get $factor)))
          (i64.const 0x40000000))
        (i64.const 31))))
    (local.set $mask (i32.sub (i32.shl (i32.const 1) (i32.load offset=8 (local.get $factor))) (i32.const 1)))
    (i32.add
      (i32.shr_s (local.get $x) (i32.load offset=8 (local.get $factor)))
      (i32.gt_s
        (i32.and (local.get $x) (local.get $mask))
        (i32.add (i32.shr_s (local.get $mask) (i32.const 1)) (i32.shr_u (local.get $x) (i32.const 31))))))

  (func $clamp (param $x i32) (param $least i32) (param $greatest i32) (result i32)
    (local.set $x (select (local.get $least) (local.get $x) (i32.lt_s (local.get $x) (local.get $least))))
    (select (local.get $greatest) (local.get $x) (i32.gt_s (local.get $x) (local.get $greatest))))

  (func $sat16 (param $x i32) (result i32)
    (call $clamp (local.get $x) (i32.const -32768) (i32.const 32767)))

  ;; A gate of one unit: table[sat16(input product + recurrent product)], the products lying at the same distance from their begins.
  (func $gate (param $input i32) (param $recurrent i32) (param $table i32) (result i32)
    (i32.load16_s (i32.add (local.get $table) (i32.shl
      (call $sat16 (i32.add (i32.load16_s (local.get $input)) (i32.load16_s (local.get $recurrent))))
      (i32.const 1)))))

  ;; All steps of one row of an LSTM. Of int16 products [4 gates][units], gates in the order input, forget, cell, output:
  ;;    0 inputProducts  of all steps                              28 cell          int16 state
  ;;    4 recurrent      parameters of that layer                  32 hidden        int8 state
  ;;    8 recurrentProducts                                        36 output        int8, of all steps
  ;;   12 sigmoid        table, address of the result for 0        40 cellClip
  ;;   16 tanh           the same                                  44 zeroPoint     of the hidden state
  ;;   20 cellTanh       the same                                  48 forgetTimesCell {multiplier, left, right, 0}
  ;;   24 steps                                                    64 inputTimesGate  80 outputTimesTanh  96 units
  (func (export "lstm") (param $p i32)
    (local $step i32) (local $unit i32) (local $x i32) (local $h i32) (local $row i32) (local $cell i32) (local $hidden i32) (local $output i32) (local $value i32)
    (local.set $x (i32.load offset=0 (local.get $p)))
    (local.set $output (i32.load offset=36 (local.get $p)))
    (local.set $row (i32.shl (i32.load offset=96 (local.get $p)) (i32.const 1)))
    (local.set $step (i32.load offset=24 (local.get $p)))
    (loop $steps
      (call $products (i32.load offset=4 (local.get $p)))
      (local.set $h (i32.load offset=8 (local.get $p)))
      (local.set $cell (i32.load offset=28 (local.get $p)))
      (local.set $hidden (i32.load offset=32 (local.get $p)))
      (local.set $unit (i32.load offset=96 (local.get $p)))
      (loop $units
        (local.set $value
          (call $sat16 (i32.add
            (call $sat16 (call $requantise
              (i32.mul
                (call $gate (i32.add (local.get $x) (local.get $row)) (i32.add (local.get $h) (local.get $row)) (i32.load offset=12 (local.get $p)))
                (i32.load16_s (local.get $cell)))
              (i32.add (local.get $p) (i32.const 48))))
            (call $sat16 (call $requantise
              (i32.mul
                (call $gate (local.get $x) (local.get $h) (i32.load offset=12 (local.get $p)))
                (call $gate
                  (i32.add (local.get $x) (i32.shl (local.get $row) (i32.const 1)))
                  (i32.add (local.get $h) (i32.shl (local.get $row) (i32.const 1)))
                  (i32.load offset=16 (local.get $p))))
              (i32.add (local.get $p) (i32.const 64)))))))
        (local.set $value (call $clamp (local.get $value)
          (i32.sub (i32.const 0) (i32.load offset=40 (local.get $p))) (i32.load offset=40 (local.get $p))))
        (i32.store16 (local.get $cell) (local.get $value))
        (local.set $value
          (call $clamp
            (i32.add
              (call $requantise
                (i32.mul
                  (i32.load16_s (i32.add (i32.load offset=20 (local.get $p)) (i32.shl (local.get $value) (i32.const 1))))
                  (call $gate
                    (i32.add (local.get $x) (i32.mul (local.get $row) (i32.const 3)))
                    (i32.add (local.get $h) (i32.mul (local.get $row) (i32.const 3)))
                    (i32.load offset=12 (local.get $p))))
                (i32.add (local.get $p) (i32.const 80)))
              (i32.load offset=44 (local.get $p)))
            (i32.const -128) (i32.const 127)))
        (i32.store8 (local.get $hidden) (local.get $value))
        (i32.store8 (local.get $output) (local.get $value))
        (local.set $x (i32.add (local.get $x) (i32.const 2)))
        (local.set $h (i32.add (local.get $h) (i32.const 2)))
        (local.set $cell (i32.add (local.get $cell) (i32.const 2)))
        (local.set $hidden (i32.add (local.get $hidden) (i32.const 1)))
        (local.set $output (i32.add (local.get $output) (i32.const 1)))
        (br_if $units (local.tee $unit (i32.sub (local.get $unit) (i32.const 1)))))
      ;; The units have gone over the first gate of the input's products: the other three are left.
      (local.set $x (i32.add (local.get $x) (i32.mul (local.get $row) (i32.const 3))))
      (br_if $steps (local.tee $step (i32.sub (local.get $step) (i32.const 1)))))))
