#include "kernels/cpu/instruction_set.hpp"

#include "kernels/cpu/kernel_set.hpp"

namespace sketchscope::kernels::cpu {

std::string_view name_of(InstructionSet set) {
  switch (set) {
    case InstructionSet::avx2:
      return "avx2";
    case InstructionSet::avx512:
      return "avx512";
    case InstructionSet::avx512vnni:
      return "avx512vnni";
    case InstructionSet::plain:
      break;
  }
  return "plain";
}

std::vector<InstructionSet> supported_instruction_sets() {
  std::vector<InstructionSet> sets{InstructionSet::plain};
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                        __builtin_cpu_supports("f16c");
  if (has_avx2) sets.push_back(InstructionSet::avx2);
  // The AVX-512 kernels are compiled with the extensions of the AVX2 kernels too.
  if (has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    sets.push_back(InstructionSet::avx512);
    if (__builtin_cpu_supports("avx512vnni")) sets.push_back(InstructionSet::avx512vnni);
  }
  return sets;
}

const KernelSet& kernels_for(InstructionSet set) {
  switch (set) {
    case InstructionSet::avx2:
      return avx2_kernels();
    case InstructionSet::avx512:
      return avx512_kernels();
    case InstructionSet::avx512vnni:
      return avx512vnni_kernels();
    case InstructionSet::plain:
      break;
  }
  return plain_kernels();
}

const KernelSet& best_kernels() {
  static const KernelSet& best = kernels_for(supported_instruction_sets().back());
  return best;
}

}  // namespace sketchscope::kernels::cpu
