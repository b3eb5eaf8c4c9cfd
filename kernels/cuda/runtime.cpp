#include "kernels/cuda/runtime.hpp"

#include <nvtx3/nvToolsExt.h>

#include "kernels/cuda/check.hpp"
#include "kernels/cuda_device.hpp"

namespace sketchscope::kernels {
namespace {

constexpr int kDevice = 0;

/// Returns nullopt where no device answers. Does not initialise the device.
std::optional<std::string> device_name() {
  int count = 0;
  cudaDeviceProp properties{};
  if (cudaGetDeviceCount(&count) != cudaSuccess || count == 0 ||
      cudaGetDeviceProperties(&properties, kDevice) != cudaSuccess) {
    return std::nullopt;
  }
  return properties.name;
}

}  // namespace

std::optional<CudaDevice> cuda_device() {
  const auto name = device_name();
  if (!name || cudaSetDevice(kDevice) != cudaSuccess) return std::nullopt;
  const auto memory = cuda_memory();
  if (!memory) return std::nullopt;
  return CudaDevice{.name = *name, .memory = *memory};
}

std::optional<CudaMemory> cuda_memory() {
  std::size_t available = 0;
  std::size_t total = 0;
  if (cudaMemGetInfo(&available, &total) != cudaSuccess) return std::nullopt;
  return CudaMemory{.used = total - available, .total = total};
}

std::string cuda_status() {
  const auto name = device_name();
  return name ? "cuda: " + *name : "cuda: built, no device";
}

namespace cuda {

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

Queue::Queue() {
  check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "a stream");
}

Queue::~Queue() {
  cudaStreamDestroy(stream_);
}

void Queue::wait() const {
  check(cudaStreamSynchronize(stream_), "work on the device");
}

Event::Event() {
  check(cudaEventCreate(&event_), "an event");
}

Event::~Event() {
  if (event_ != nullptr) cudaEventDestroy(event_);
}

void Event::put_on(Stream stream) const {
  cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
  check(cudaStreamIsCapturing(stream, &status), "the state of a stream");
  // Without this flag an event in a recording orders the launches and has no time.
  const unsigned flags = status == cudaStreamCaptureStatusActive ? cudaEventRecordExternal : 0;
  check(cudaEventRecordWithFlags(event_, stream, flags), "an event on a stream");
}

double Event::ms_since(const Event& earlier) const {
  float ms = 0;
  check(cudaEventElapsedTime(&ms, earlier.event_, event_), "the time between two events");
  return static_cast<double>(ms);
}

Recording::Recording(const Queue& queue, const std::function<void(Stream)>& launches) {
  check(cudaStreamBeginCapture(queue.stream(), cudaStreamCaptureModeThreadLocal), "recording");
  cudaGraph_t graph = nullptr;
  try {
    launches(queue.stream());
  } catch (...) {
    cudaStreamEndCapture(queue.stream(), &graph);
    cudaGraphDestroy(graph);
    throw;
  }
  check(cudaStreamEndCapture(queue.stream(), &graph), "recording");
  const cudaError_t made = cudaGraphInstantiate(&graph_, graph, 0);
  cudaGraphDestroy(graph);
  check(made, "a graph of the launches");
}

Recording::~Recording() {
  if (graph_ != nullptr) cudaGraphExecDestroy(graph_);
}

void Recording::start(const Queue& queue) const {
  check(cudaGraphLaunch(graph_, queue.stream()), "start of the recorded launches");
}

ProfileRange::ProfileRange(const char* name) {
  nvtxRangePushA(name);
}

ProfileRange::~ProfileRange() {
  nvtxRangePop();
}

}  // namespace cuda
}  // namespace sketchscope::kernels
