#include "kernels/cpu/kernel_set.hpp"

namespace sketchscope::cpu {

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

}  // namespace sketchscope::cpu
