#include "kernels/cuda/launch.hpp"
#include "kernels/cuda/queue.hpp"
#include "kernels/cuda_device.hpp"
#include "kernels/cuda_operations.hpp"
#include "kernels/kernel_error.hpp"

namespace sketchscope {
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

void linear(const Linear&, std::span<const float>, int, std::span<float>) {
  refuse();
}

void layer_norm(std::span<const float>, std::span<const float>, std::span<const float>, float,
                std::span<float>) {
  refuse();
}

void rms_norm(std::span<const float>, std::span<const float>, float, std::span<float>) {
  refuse();
}

void rotate(const Rotation&, int, std::span<float>) {
  refuse();
}

void gate(Activation, int, std::span<const float>, std::span<float>) {
  refuse();
}

void activate(Activation, std::span<float>) {
  refuse();
}

void decode_attention(const DecodeAttention&, const AttentionResult&) {
  refuse();
}

void encode_kv(const KvLayout&, std::span<const float>, std::span<std::byte>) {
  refuse();
}

void decode_kv(const KvLayout&, std::span<const std::byte>, std::span<float>) {
  refuse();
}

void prompt_attention(const PromptAttention&, int, std::span<float>, std::span<float>) {
  refuse();
}

double softmax(std::span<const float>, std::span<float>) {
  refuse();
}

void query_sketch(const SketchRows&, SketchQuery, std::span<const float>,
                  std::span<const std::uint32_t>, std::span<float>) {
  refuse();
}

void update_sketch(const SketchRows&, SketchUpdate, std::span<const SketchItem>, std::span<float>,
                   std::span<float>) {
  refuse();
}

LowestSlots lowest_slots(std::span<const int>, std::span<const float>, PositionRange) {
  refuse();
}

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

}  // namespace cuda
}  // namespace sketchscope
