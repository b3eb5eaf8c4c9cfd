#include "kernels/cuda/memory.hpp"

#include "kernels/cuda/check.hpp"

namespace sketchscope::cuda {

void* allocate(std::size_t bytes) {
  void* memory = nullptr;
  check(cudaMalloc(&memory, bytes), "allocation on the device");
  return memory;
}

void free(void* memory) noexcept {
  cudaFree(memory);
}

void upload(void* to, const void* from, std::size_t bytes, Stream stream) {
  // The runtime copies pageable memory to a staging buffer before the call returns.
  check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, stream), "copy to the device");
  // Other streams do not wait for the default one.
  if (stream == kDefaultStream) check(cudaStreamSynchronize(stream), "copy to the device");
}

void download(void* to, const void* from, std::size_t bytes, Stream stream) {
  check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, stream), "copy from the device");
  check(cudaStreamSynchronize(stream), "work on the device, or the copy from it,");
}

}  // namespace sketchscope::cuda
