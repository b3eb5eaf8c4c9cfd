#include <cuda_runtime_api.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

struct CUevent_st {
  std::optional<std::chrono::steady_clock::time_point> time;  // none until it is come to
};

struct CUgraph_st {
  struct Node {
    sketchscope::cuda_emulator::Launch launch;
    std::function<void()> thread;
    cudaEvent_t event = nullptr;  // else a launch
  };
  std::vector<Node> nodes;
};

struct CUgraphExec_st {
  CUgraph_st graph;
};

struct CUstream_st {
  CUgraph_st* captured = nullptr;
};

namespace {

constexpr int kUnwritten = 0xFF;  // a float of such bytes is no number
constexpr std::size_t kMemoryTotal = std::size_t{1} << 30;

thread_local std::string last_fault;

cudaError_t run(const CUgraph_st::Node& node) {
  if (node.event != nullptr) {
    node.event->time = std::chrono::steady_clock::now();
    return cudaSuccess;
  }
  std::string fault = sketchscope::cuda_emulator::run_grid(node.launch, node.thread);
  if (fault.empty()) return cudaSuccess;
  last_fault = std::move(fault);
  return cudaErrorLaunchFailure;
}

bool is_captured(cudaStream_t stream) {
  return stream != nullptr && stream->captured != nullptr;
}

cudaError_t queue(cudaStream_t stream, CUgraph_st::Node node) {
  if (!is_captured(stream)) return run(node);
  stream->captured->nodes.push_back(std::move(node));
  return cudaSuccess;
}

}  // namespace

cudaError_t sketchscope::cuda_emulator::queue_launch(cudaStream_t stream, const Launch& launch,
                                                     std::function<void()> thread) {
  return queue(stream, {.launch = launch, .thread = std::move(thread)});
}

cudaError_t cudaGetDeviceCount(int* count) {
  *count = 1;
  return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int) {
  std::strcpy(properties->name, "emulated");
  return cudaSuccess;
}

cudaError_t cudaSetDevice(int) {
  return cudaSuccess;
}

cudaError_t cudaMemGetInfo(std::size_t* available, std::size_t* total) {
  *available = *total = kMemoryTotal;
  return cudaSuccess;
}

cudaError_t cudaMalloc(void** memory, std::size_t bytes) {
  *memory = std::malloc(bytes);
  if (*memory == nullptr) return cudaErrorMemoryAllocation;
  std::memset(*memory, kUnwritten, bytes);
  return cudaSuccess;
}

cudaError_t cudaFree(void* memory) {
  std::free(memory);
  return cudaSuccess;
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind,
                            cudaStream_t stream) {
  if (is_captured(stream)) return cudaErrorStreamCaptureUnsupported;
  std::memcpy(to, from, bytes);
  return cudaSuccess;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  *stream = new CUstream_st;
  return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  delete stream;
  return cudaSuccess;
}

cudaError_t cudaStreamSynchronize(cudaStream_t) {
  return cudaSuccess;
}

cudaError_t cudaStreamIsCapturing(cudaStream_t stream, cudaStreamCaptureStatus* status) {
  *status = is_captured(stream) ? cudaStreamCaptureStatusActive : cudaStreamCaptureStatusNone;
  return cudaSuccess;
}

cudaError_t cudaEventCreate(cudaEvent_t* event) {
  *event = new CUevent_st;
  return cudaSuccess;
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
  delete event;
  return cudaSuccess;
}

cudaError_t cudaEventRecordWithFlags(cudaEvent_t event, cudaStream_t stream, unsigned flags) {
  if (is_captured(stream) != (flags == cudaEventRecordExternal)) return cudaErrorInvalidValue;
  return queue(stream, {.launch = {}, .thread = {}, .event = event});
}

cudaError_t cudaEventElapsedTime(float* ms, cudaEvent_t begin, cudaEvent_t end) {
  if (!begin->time || !end->time) return cudaErrorInvalidValue;
  *ms = std::chrono::duration<float, std::milli>(*end->time - *begin->time).count();
  return cudaSuccess;
}

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode) {
  stream->captured = new CUgraph_st;
  return cudaSuccess;
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  *graph = std::exchange(stream->captured, nullptr);
  return cudaSuccess;
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph, unsigned) {
  *executable = new CUgraphExec_st{*graph};
  return cudaSuccess;
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  delete graph;
  return cudaSuccess;
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t) {
  for (const CUgraph_st::Node& node : executable->graph.nodes) {
    const cudaError_t result = run(node);
    if (result != cudaSuccess) return result;
  }
  return cudaSuccess;
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t executable) {
  delete executable;
  return cudaSuccess;
}

const char* cudaGetErrorString(cudaError_t error) {
  switch (error) {
    case cudaSuccess:
      return "no error";
    case cudaErrorInvalidValue:
      return "a flag or an event that does not fit the stream's state";
    case cudaErrorMemoryAllocation:
      return "out of memory";
    case cudaErrorStreamCaptureUnsupported:
      return "a copy while launches are recorded";
    case cudaErrorLaunchFailure:
      break;
  }
  return last_fault.c_str();
}
