#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/runtime.hpp"
#include "kernels/cuda_device.hpp"
#include "kernels/kernel_error.hpp"

namespace sketchscope::kernels {
namespace {

[[noreturn]] void refuse() {
  throw DeviceError(
      "cuda: not built; install a CUDA toolkit and build again, or use the processor");
}

}  // namespace

std::optional<CudaDevice> cuda_device() {
  return std::nullopt;
}

std::optional<CudaMemory> cuda_memory() {
  return std::nullopt;
}

std::string cuda_status() {
  return "cuda: not built";
}

namespace cuda {

void* allocate(std::size_t) {
  refuse();
}

void free(void*) noexcept {}

void upload(void*, const void*, std::size_t, Stream) {
  refuse();
}

void download(void*, const void*, std::size_t, Stream) {
  refuse();
}

Queue::Queue() {
  refuse();
}

Queue::~Queue() = default;

void Queue::wait() const {
  refuse();
}

Event::Event() {
  refuse();
}

Event::~Event() = default;

void Event::put_on(Stream) const {
  refuse();
}

double Event::ms_since(const Event&) const {
  refuse();
}

Recording::Recording(const Queue&, const std::function<void(Stream)>&) {
  refuse();
}

Recording::~Recording() = default;

void Recording::start(const Queue&) const {
  refuse();
}

ProfileRange::ProfileRange(const char*) {}

ProfileRange::~ProfileRange() = default;

void launch_linear(const Linear&, const float*, int, float*, Stream) {
  refuse();
}

void launch_linear(const Linear&, const float*, int, float*, int, Stream) {
  refuse();
}

void launch_layer_norm(const LayerNorm&, Stream) {
  refuse();
}

void launch_rms_norm(const RmsNorm&, Stream) {
  refuse();
}

void launch_rotate(const Rotary&, int, Stream) {
  refuse();
}

void launch_gate(Activation, int, const float*, float*, int, Stream) {
  refuse();
}

void launch_activate(Activation, float*, std::size_t, Stream) {
  refuse();
}

void launch_embed(const Embedding&, int, Stream) {
  refuse();
}

void launch_add(float*, const float*, std::size_t, Stream) {
  refuse();
}

void launch_decode_attention(const Decode*, int, int, Stream) {
  refuse();
}

void launch_write_kv(const KvWrite*, int, int, Stream) {
  refuse();
}

void launch_encode_kv(const KvLayout&, const float*, std::byte*, Stream) {
  refuse();
}

void launch_decode_kv(const KvLayout&, const std::byte*, float*, Stream) {
  refuse();
}

void launch_prompt_attention(const Prompt&, Stream) {
  refuse();
}

void launch_softmax(const float*, int, float*, double*, Stream) {
  refuse();
}

void launch_query_sketch(const SketchTable&, SketchQuery, const std::uint32_t*, int, float*,
                         Stream) {
  refuse();
}

void launch_update_sketch(const SketchTable&, SketchUpdate, const SketchItem*, int, Stream) {
  refuse();
}

void launch_lowest_slots(const SlotChoice&, Stream) {
  refuse();
}

}  // namespace cuda
}  // namespace sketchscope::kernels
