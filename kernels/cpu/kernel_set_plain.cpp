#include "kernels/cpu/make_kernel_set.hpp"
#include "kernels/cpu/vector_plain.hpp"

namespace sketchscope::kernels::cpu {

const KernelSet& plain_kernels() {
  return kKernelSet<Plain>;
}

}  // namespace sketchscope::kernels::cpu
