// The decoder of ReferenceRun: GPT-2 and Llama in plain loops.
#include <cmath>
#include <cstdint>
#include <cstring>
#include <stdexcept>

#include "tests/support/reference_run.hpp"

namespace sketchscope::support {
namespace {

double half(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const int fraction = bits & 1023;
  const double size =
      exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  return bits >> 15 != 0 ? -size : size;
}

}  // namespace

const ReferenceRun::Vector& ReferenceRun::tensor(const std::string& name) const {
  if (const auto found = tensors_.find(name); found != tensors_.end()) return found->second;
  const checkpoint::CheckpointTensor& stored = checkpoint_.tensors.at(name);
  const bool halves = stored.type == checkpoint::CheckpointTensor::Type::f16;
  if (!halves && stored.type != checkpoint::CheckpointTensor::Type::f32)
    throw std::runtime_error(name);
  Vector values(stored.bytes.size() / (halves ? 2 : 4));
  for (std::size_t i = 0; i < values.size(); ++i) {
    float value = 0;
    std::uint16_t bits = 0;
    if (halves) std::memcpy(&bits, stored.bytes.data() + i * 2, 2);
    if (!halves) std::memcpy(&value, stored.bytes.data() + i * 4, 4);
    values[i] = halves ? half(bits) : value;
  }
  return tensors_[name] = values;
}

ReferenceRun::Vector ReferenceRun::linear(const Vector& x, const std::string& name,
                                          int outputs) const {
  const Vector& weight = tensor(name + ".weight");  // (K, N)
  Vector y = tensor(name + ".bias");
  const auto n = static_cast<std::size_t>(outputs);
  for (std::size_t k = 0; k < x.size(); ++k) {
    for (std::size_t j = 0; j < n; ++j) y[j] += x[k] * weight[k * n + j];
  }
  return y;
}

ReferenceRun::Vector ReferenceRun::norm(const Vector& x, const std::string& name) const {
  const Vector& scale = tensor(name + ".weight");
  const Vector& shift = tensor(name + ".bias");
  double mean = 0;
  for (const double v : x) mean += v / static_cast<double>(x.size());
  double variance = 0;
  for (const double v : x) variance += (v - mean) * (v - mean) / static_cast<double>(x.size());
  Vector y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    y[i] = (x[i] - mean) / std::sqrt(variance + config_.norm_epsilon) * scale[i] + shift[i];
  }
  return y;
}

double ReferenceRun::activation(double x) const {
  if (config_.activation != kernels::Activation::gelu_new)
    throw std::runtime_error("gelu_new alone");
  return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
}

double ReferenceRun::scale(int layer) const {
  double scale = config_.scale_attention ? 1 / std::sqrt(double(config_.head_width)) : 1;
  if (config_.scale_attention_by_layer) scale /= layer + 1;
  return scale;
}

ReferenceRun::Vector ReferenceRun::project(const Vector& x, const std::string& name) const {
  const Vector& weight = tensor(name + ".weight");
  Vector y(weight.size() / x.size());
  for (std::size_t i = 0; i < weight.size(); ++i) y[i / x.size()] += x[i % x.size()] * weight[i];
  return y;
}

ReferenceRun::Vector ReferenceRun::rms_norm(const Vector& x, const std::string& name) const {
  const Vector& scale = tensor(name + ".weight");
  double square = 0;
  for (const double v : x) square += v * v / static_cast<double>(x.size());
  Vector y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    y[i] = x[i] / std::sqrt(square + config_.norm_epsilon) * scale[i];
  }
  return y;
}

ReferenceRun::Vector ReferenceRun::rotate(const Vector& heads, int position) const {
  if (!config_.rotary) return heads;
  const std::size_t pairs = config_.rotary->frequencies.size();
  const auto width = static_cast<std::size_t>(config_.head_width);
  Vector rotated = heads;
  for (std::size_t at = 0; at < heads.size(); at += width) {
    for (std::size_t i = 0; i < pairs; ++i) {
      const double angle = position * config_.rotary->frequencies[i];
      const double c = config_.rotary->magnitude * std::cos(angle);
      const double s = config_.rotary->magnitude * std::sin(angle);
      rotated[at + i] = heads[at + i] * c - heads[at + pairs + i] * s;
      rotated[at + pairs + i] = heads[at + pairs + i] * c + heads[at + i] * s;
    }
  }
  return rotated;
}

namespace {

void add(std::vector<double>& sum, const std::vector<double>& summand) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += summand[i];
}

}  // namespace

void ReferenceRun::run_gpt2_block(int layer, Vector& x) {
  const std::string name = "h." + std::to_string(layer);
  const Vector qkv = linear(norm(x, name + ".ln_1"), name + ".attn.c_attn", 3 * config_.width);
  add(x, linear(attend(layer, qkv), name + ".attn.c_proj", config_.width));
  Vector inner = linear(norm(x, name + ".ln_2"), name + ".mlp.c_fc", config_.inner_width);
  for (double& value : inner) value = activation(value);
  add(x, linear(inner, name + ".mlp.c_proj", config_.width));
}

void ReferenceRun::run_llama_block(int layer, Vector& x) {
  const std::string name = "model.layers." + std::to_string(layer);
  const Vector normalised = rms_norm(x, name + ".input_layernorm");
  Vector qkv;
  for (const char* part : {"q", "k", "v"}) {
    const Vector heads = project(normalised, name + ".self_attn." + part + "_proj");
    qkv.insert(qkv.end(), heads.begin(), heads.end());
  }
  add(x, project(attend(layer, qkv), name + ".self_attn.o_proj"));
  const Vector input = rms_norm(x, name + ".post_attention_layernorm");
  Vector inner = project(input, name + ".mlp.gate_proj");
  const Vector up = project(input, name + ".mlp.up_proj");
  for (std::size_t i = 0; i < inner.size(); ++i) inner[i] *= up[i] / (1 + std::exp(-inner[i]));
  add(x, project(inner, name + ".mlp.down_proj"));
}

std::vector<double> ReferenceRun::feed(int token) {
  const auto width = static_cast<std::size_t>(config_.width);
  token_ = token;
  Vector x(width);
  const Vector& tokens = tensor(is_llama() ? "model.embed_tokens.weight" : "wte.weight");
  for (std::size_t c = 0; c < width; ++c) {
    x[c] = tokens[static_cast<std::size_t>(token) * width + c];
    if (!is_llama()) {
      x[c] += tensor("wpe.weight")[static_cast<std::size_t>(position_) * width + c];
    }
  }
  for (int layer = 0; layer < config_.layers; ++layer) {
    is_llama() ? run_llama_block(layer, x) : run_gpt2_block(layer, x);
  }
  const Vector last = is_llama() ? rms_norm(x, "model.norm") : norm(x, "ln_f");
  Vector logits(static_cast<std::size_t>(config_.vocabulary));
  for (std::size_t v = 0; v < logits.size(); ++v) {
    for (std::size_t c = 0; c < width; ++c) logits[v] += last[c] * tokens[v * width + c];
  }
  ++position_;
  if (!in_prompt_) adapt_budgets();
  return logits;
}

}  // namespace sketchscope::support
