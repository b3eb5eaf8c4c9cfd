#include "tests/support/reference_run.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>
#include <stdexcept>

namespace sketchscope::testing {
namespace {

constexpr unsigned long kPrime = 2147483647UL;

struct Mixer {  // SplitMix64, written out again
  unsigned long state;
  unsigned long next() {
    state += 0x9E3779B97F4A7C15UL;
    unsigned long z = state;
    z ^= z >> 30;
    z *= 0xBF58476D1CE4E5B9UL;
    z ^= z >> 27;
    z *= 0x94D049BB133111EBUL;
    return z ^ (z >> 31);
  }
};

}  // namespace

ReferenceRun::ReferenceRun(const Gpt2Config& config, const Checkpoint& checkpoint,
                           const Knobs& knobs)
    : config_(config), checkpoint_(checkpoint), knobs_(knobs) {
  const auto layers = static_cast<std::size_t>(config.layers);
  cache_.resize(layers);
  gone_.resize(layers);
  retained_.assign(layers, 1.0);
  tables_.assign(layers, std::vector<Vector>(static_cast<std::size_t>(knobs.sketch_depth),
                                             Vector(static_cast<std::size_t>(knobs.sketch_width))));
  Mixer mixer{knobs.sketch_seed};
  for (int row = 0; row < knobs.sketch_depth; ++row) {
    const unsigned long a = 1 + mixer.next() % (kPrime - 1);
    const unsigned long b = mixer.next() % kPrime;
    hash_.emplace_back(a, b);
  }
}

const ReferenceRun::Vector& ReferenceRun::tensor(const std::string& name) const {
  if (const auto found = tensors_.find(name); found != tensors_.end()) return found->second;
  const CheckpointTensor& stored = checkpoint_.tensors.at(name);
  if (stored.type != CheckpointTensor::Type::f32) throw std::runtime_error(name + " is not f32");
  Vector values(stored.bytes.size() / sizeof(float));
  for (std::size_t i = 0; i < values.size(); ++i) {
    float value = 0;
    std::memcpy(&value, stored.bytes.data() + i * sizeof(float), sizeof(float));
    values[i] = value;
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
    y[i] = (x[i] - mean) / std::sqrt(variance + config_.layer_norm_epsilon) * scale[i] + shift[i];
  }
  return y;
}

double ReferenceRun::activation(double x) const {
  if (config_.activation != Activation::gelu_new) throw std::runtime_error("gelu_new alone");
  return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
}

int ReferenceRun::bucket(int row, int item) const {
  const auto& [a, b] = hash_[static_cast<std::size_t>(row)];
  return static_cast<int>((a * static_cast<unsigned long>(item) + b) % kPrime %
                          static_cast<unsigned long>(knobs_.sketch_width));
}

double ReferenceRun::estimate(int layer, int item) const {
  double least = INFINITY;
  for (int row = 0; row < knobs_.sketch_depth; ++row) {
    least = std::min(least, tables_[layer][row][bucket(row, item)]);
  }
  return least;
}

void ReferenceRun::update_sketch(int layer, const std::map<int, double>& mass) {
  auto& table = tables_[layer];
  if (knobs_.sketch == "count-min") {
    for (const auto& [item, gained] : mass) {
      for (int row = 0; row < knobs_.sketch_depth; ++row) table[row][bucket(row, item)] += gained;
    }
    return;
  }
  if (knobs_.sketch != "count-min-conservative") throw std::runtime_error(knobs_.sketch);
  std::map<int, double> wanted;
  for (const auto& [item, gained] : mass) wanted[item] = estimate(layer, item) + gained;
  for (const auto& [item, value] : wanted) {
    for (int row = 0; row < knobs_.sketch_depth; ++row) {
      double& cell = table[row][bucket(row, item)];
      cell = std::max(cell, value);
    }
  }
}

double ReferenceRun::score(int layer, int position, const Entry& entry) const {
  if (knobs_.policy == "window") return position;
  if (knobs_.policy == "heavy-hitter") return entry.accumulated;
  if (knobs_.policy == "tova") return entry.last;
  if (knobs_.policy == "age-normalized") return entry.accumulated / entry.queries;
  if (knobs_.policy == "sketch") return estimate(layer, position);
  throw std::runtime_error("no reference for policy " + knobs_.policy);
}

void ReferenceRun::evict_one(int layer, int recent) {
  auto& cache = cache_[layer];
  std::vector<int> order;
  for (const auto& [position, entry] : cache) order.push_back(position);
  std::set<int> safe;
  for (const int position : order) {
    if (position < knobs_.sinks) safe.insert(position);
  }
  for (int i = 0; i < recent && i < static_cast<int>(order.size()); ++i) {
    safe.insert(order[order.size() - 1 - static_cast<std::size_t>(i)]);
  }
  int victim = -1;
  for (const int position : order) {
    if (safe.contains(position)) continue;
    if (victim < 0 ||
        score(layer, position, cache.at(position)) < score(layer, victim, cache.at(victim))) {
      victim = position;
    }
  }
  const bool degenerate = victim < 0;
  if (degenerate) {
    victim = *std::ranges::find_if(order, [&](int p) { return p >= knobs_.sinks; });
  }
  evictions_.push_back({.layer = layer, .position = victim, .degenerate = degenerate});
  gone_[layer][victim] = cache.at(victim);
  cache.erase(victim);
}

ReferenceRun::Vector ReferenceRun::attend(int layer, const Vector& qkv) {
  const auto width = static_cast<std::size_t>(config_.width);
  auto& cache = cache_[layer];
  if (knobs_.policy != "full" && !in_prompt_ &&
      static_cast<int>(cache.size()) >= knobs_.max_cache_size) {
    evict_one(layer, std::max(knobs_.recent_window, 1) - 1);
  }
  cache[position_] = {.key = Vector(qkv.begin() + width, qkv.begin() + 2 * width),
                      .value = Vector(qkv.begin() + 2 * width, qkv.end()),
                      .token = token_};
  const auto head_width = static_cast<std::size_t>(config_.head_width());
  double scale = config_.scale_attention ? 1 / std::sqrt(static_cast<double>(head_width)) : 1;
  if (config_.scale_attention_by_layer) scale /= layer + 1;

  Vector output(width);
  std::map<int, double> mass;
  double retained = 0;
  for (int head = 0; head < config_.heads; ++head) {
    const std::size_t first = static_cast<std::size_t>(head) * head_width;
    const auto weight_of = [&](const Entry& entry) {
      double dot = 0;
      for (std::size_t d = first; d < first + head_width; ++d) dot += qkv[d] * entry.key[d];
      return std::exp(dot * scale);
    };
    double sum = 0;
    double lost = 0;
    for (const auto& [position, entry] : cache) sum += weight_of(entry);
    for (const auto& [position, entry] : gone_[layer]) lost += weight_of(entry);
    retained += sum / (sum + lost) / config_.heads;
    for (const auto& [position, entry] : cache) {
      const double p = weight_of(entry) / sum;
      mass[position] += p;
      for (std::size_t d = first; d < first + head_width; ++d) output[d] += p * entry.value[d];
    }
  }
  retained_[layer] = retained;
  for (auto& [position, entry] : cache) {
    entry.last = mass[position];
    entry.queries += 1;
  }
  if (in_prompt_) {
    for (const auto& [position, gained] : mass) prompt_mass_[layer][position] += gained;
  } else {
    learn(layer, mass);
  }
  return output;
}

void ReferenceRun::learn(int layer, const std::map<int, double>& mass) {
  for (auto& [position, entry] : cache_[layer]) {
    entry.accumulated = knobs_.decay * entry.accumulated + mass.at(position);
  }
  if (knobs_.policy != "sketch") return;
  for (auto& row : tables_[layer]) {
    for (double& cell : row) cell *= knobs_.decay;
  }
  update_sketch(layer, mass);
}

std::vector<double> ReferenceRun::prefill(const std::vector<int>& tokens) {
  in_prompt_ = true;
  prompt_mass_.assign(cache_.size(), {});
  Vector logits;
  for (const int token : tokens) logits = feed(token);
  in_prompt_ = false;
  for (int layer = 0; layer < config_.layers; ++layer) {
    learn(layer, prompt_mass_[layer]);
    while (knobs_.policy != "full" &&
           static_cast<int>(cache_[layer].size()) > knobs_.max_cache_size) {
      evict_one(layer, knobs_.recent_window);
    }
  }
  return logits;
}

std::vector<double> ReferenceRun::feed(int token) {
  const auto width = static_cast<std::size_t>(config_.width);
  token_ = token;
  Vector x(width);
  const Vector& tokens = tensor("wte.weight");
  const Vector& positions = tensor("wpe.weight");
  for (std::size_t c = 0; c < width; ++c) {
    x[c] = tokens[static_cast<std::size_t>(token) * width + c] +
           positions[static_cast<std::size_t>(position_) * width + c];
  }
  for (int layer = 0; layer < config_.layers; ++layer) {
    const std::string name = "h." + std::to_string(layer);
    const Vector qkv = linear(norm(x, name + ".ln_1"), name + ".attn.c_attn", 3 * config_.width);
    const Vector projected = linear(attend(layer, qkv), name + ".attn.c_proj", config_.width);
    for (std::size_t c = 0; c < width; ++c) x[c] += projected[c];
    Vector inner = linear(norm(x, name + ".ln_2"), name + ".mlp.c_fc", config_.inner_width);
    for (double& value : inner) value = activation(value);
    const Vector out = linear(inner, name + ".mlp.c_proj", config_.width);
    for (std::size_t c = 0; c < width; ++c) x[c] += out[c];
  }
  const Vector last = norm(x, "ln_f");
  Vector logits(static_cast<std::size_t>(config_.vocabulary));
  for (std::size_t v = 0; v < logits.size(); ++v) {
    for (std::size_t c = 0; c < width; ++c) logits[v] += last[c] * tokens[v * width + c];
  }
  ++position_;
  return logits;
}

std::vector<int> ReferenceRun::stored(int layer) const {
  std::vector<int> positions;
  for (const auto& [position, entry] : cache_[layer]) positions.push_back(position);
  return positions;
}

}  // namespace sketchscope::testing
