// Softmax, with one block for the whole row.
#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/launch_kernel.cuh"

namespace sketchscope::cuda {
namespace {

__global__ void softmax_kernel(const float* logits, int count, float* probability,
                               double* log_sum_exp) {
  const double result = block_softmax(logits, count, probability);
  if (threadIdx.x == 0) *log_sum_exp = result;
}

}  // namespace

void launch_softmax(const float* logits, int count, float* probability, double* log_sum_exp,
                    Stream stream) {
  launch_kernel(softmax_kernel, {}, stream, "softmax", logits, count, probability, log_sum_exp);
}

}  // namespace sketchscope::cuda
