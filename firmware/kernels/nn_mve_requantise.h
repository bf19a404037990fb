/* nn_mve_requantise.h: nn_requantise() on vectors of four, for cores with MVE (Helium), as pieces of assembly.
 *
 * Two roundings: VQRDMULH is nn_mul_high(), ties upwards. VRSHL is a shift with ties upwards, where they must go away from
 * zero; subtracting 1 from negative values first makes up for that, since floor((v - 1 + 2^(n-1)) / 2^n) rounds a negative v so.
 *
 * A shift is the lowest 8 bits of its lane, as VRSHL takes it, negative to the right. There are three forms:
 * - ANY: shifts to either side, or none; they fill their lanes. Biases have lanes of their own.
 * - SIGNED: shifts to the right, all of them. The bias is in the other 24 bits of the lane.
 * - RELU: none to the left, and no output below its zero point. Either way of rounding a negative value gives at most 0, and so
 *   the least output: nothing is subtracted. Biases as in SIGNED.
 */
#ifndef NN_MVE_REQUANTISE_H
#define NN_MVE_REQUANTISE_H

#if !defined(__ARM_FEATURE_MVE)
#error "This network was generated for a core with MVE (Helium): build for one, or generate for another core."
#endif

/* The part before the shift: values v, multipliers m, shifts s. */
#define NN_MVE_MULTIPLY_RELU(v, m, s) "vqrdmulh.s32 " v ", " v ", " m "\n\t"
#define NN_MVE_MULTIPLY_SIGNED(v, m, s) NN_MVE_MULTIPLY_RELU(v, m, s)
#define NN_MVE_MULTIPLY_ANY(v, m, s) "vpt.s32 gt, " s ", zr\n\tvshlt.s32 " v ", " v ", " s "\n\t" NN_MVE_MULTIPLY_RELU(v, m, s)

/* The shift to the right; t is overwritten. A shift by 0 has no sign bit, so that nothing is subtracted for it. */
#define NN_MVE_SHIFT_RELU(v, s, t) "vrshl.s32 " v ", " v ", " s "\n\t"
#define NN_MVE_SHIFT_SIGNED(v, s, t) \
  "vshr.s32 " t ", " v ", #31\n\tvadd.i32 " v ", " v ", " t "\n\t" NN_MVE_SHIFT_RELU(v, s, t)
#define NN_MVE_SHIFT_ANY(v, s, t)                                                                      \
  "vand " t ", " v ", " s "\n\tvshr.s32 " t ", " t ", #31\n\tvqadd.s32 " v ", " v ", " t "\n\t" \
  "vpt.s32 lt, " s ", zr\n\tvrshlt.s32 " v ", " v ", " s "\n\t"

#endif
