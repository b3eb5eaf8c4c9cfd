#include "kernels/cuda/queue.hpp"

#include <nvtx3/nvToolsExt.h>

#include "kernels/cuda/check.hpp"

namespace sketchscope::cuda {

Queue::Queue() {
  check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "a stream");
}

Queue::~Queue() {
  cudaStreamDestroy(stream_);
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

}  // namespace sketchscope::cuda
