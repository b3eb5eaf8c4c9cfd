#include "tests/support/reference_run.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <set>
#include <stdexcept>

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

ReferenceRun::ReferenceRun(const model::ModelConfig& config,
                           const checkpoint::Checkpoint& checkpoint, const settings::Knobs& knobs)
    : config_(config),
      checkpoint_(checkpoint),
      knobs_(knobs),
      tables_(static_cast<std::size_t>(config.layers)),
      sketches_(static_cast<std::size_t>(config.layers), ReferenceSketch(knobs)),
      retained_(static_cast<std::size_t>(config.layers), 1.0) {
  const bool apart = knobs.granularity == settings::Granularity::head;
  for (auto& tables : tables_) {
    tables.resize(apart ? static_cast<std::size_t>(config.heads) : 1);
    for (int head = 0; head < config.heads; ++head) tables[apart ? head : 0].heads.push_back(head);
  }
  needs_.assign(tables_.size(), 0);
  share_out_slots();
  budgets_ = wanted_;
  Mixer mixer{knobs.sketch_seed};
  for (int bit = 0; bit < knobs.lsh_bits; ++bit) {
    planes_.emplace_back();
    for (int c = 0; c < (apart ? config.head_width : config.width); ++c) {
      double sum = -6;
      for (int i = 0; i < 12; ++i) sum += mixer.uniform();
      planes_.back().push_back(static_cast<float>(sum));
    }
  }
}

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

double ReferenceRun::key_norm(const Table& table, const Entry& entry) const {
  double sum = 0;
  for (const int head : table.heads) {
    double square = 0;
    for (int d = 0; d < config_.head_width; ++d) {
      square += std::pow(entry.key[head * config_.head_width + d], 2);
    }
    sum += std::sqrt(square);
  }
  return sum;
}

unsigned long ReferenceRun::code(const Table& table, const Entry& entry) const {
  const int first = table.heads.front() * config_.head_width;
  unsigned long code = 0;
  for (std::size_t bit = 0; bit < planes_.size(); ++bit) {
    double side = 0;
    for (std::size_t c = 0; c < planes_[bit].size(); ++c)
      side += planes_[bit][c] * entry.key[first + c];
    if (side >= 0) code += 1UL << bit;
  }
  return code;
}

unsigned long ReferenceRun::item(const Table& table, int head, int position) const {
  const Entry& entry = table.stored.at(position);
  if (knobs_.sketch_key == sketch::SketchKey::position) return position;
  if (knobs_.sketch_key == sketch::SketchKey::head_position)
    return head * config_.positions + position;
  if (knobs_.sketch_key == sketch::SketchKey::token) return entry.token;
  return code(table, entry);
}

double ReferenceRun::score(int layer, const Table& table, int position) const {
  const Entry& entry = table.stored.at(position);
  if (knobs_.policy.name() == "window") return position;
  if (knobs_.policy.name() == "heavy-hitter") return entry.accumulated;
  if (knobs_.policy.name() == "tova") return entry.last;
  if (knobs_.policy.name() == "age-normalized") return entry.accumulated / entry.queries;
  if (knobs_.policy.name() == "key-norm") return -key_norm(table, entry);
  if (knobs_.policy.name() == "caote") return entry.perturbation;
  if (knobs_.policy.name() == "random") {
    const unsigned long of_layer = Mixer{Mixer{knobs_.seed}.next() + layer}.next();
    return static_cast<double>(Mixer{of_layer + position}.next() >> 40);
  }
  if (knobs_.policy.name() != "sketch")
    throw std::runtime_error("no reference for " + knobs_.policy.name());
  if (knobs_.sketch_key != sketch::SketchKey::head_position) {
    return sketches_[layer].estimate(item(table, 0, position));
  }
  double sum = 0;
  for (const int head : table.heads) sum += sketches_[layer].estimate(item(table, head, position));
  return sum;
}

void ReferenceRun::share_out_slots() {
  const int layers = static_cast<int>(tables_.size());
  const int safe =
      std::min(knobs_.sinks + std::max(knobs_.recent_window, 1), knobs_.max_cache_size);
  const int free = knobs_.max_cache_size - safe;
  const bool all_known = std::ranges::all_of(needs_, [](double need) { return need > 0; });
  double mean = 0;
  for (const double need : needs_) mean += need / layers;
  wanted_.clear();
  std::vector<std::pair<double, int>> remainders;
  int left = free * layers;
  for (int layer = 0; layer < layers; ++layer) {
    double weight = 1;
    if (knobs_.budget == settings::BudgetKind::pyramid && layers > 1)
      weight = 1.95 - 1.9 * layer / (layers - 1);
    if (knobs_.budget == settings::BudgetKind::adaptive && all_known)
      weight = 0.2 + 0.8 * needs_[layer] / mean;
    const double quota = weight * free;
    wanted_.push_back(safe + static_cast<int>(quota));
    left -= static_cast<int>(quota);
    remainders.push_back({-(quota - static_cast<int>(quota)), layer});
  }
  std::ranges::sort(remainders);
  for (int i = 0; i < left; ++i) ++wanted_[remainders[i].second];
}

void ReferenceRun::learn_need(int layer, const std::vector<Mass>& masses) {
  if (knobs_.budget != settings::BudgetKind::adaptive || (position_ + 1) % 16 != 0) return;
  double slots = 0;
  for (const Mass& of_heads : masses) {
    std::map<int, double> by_position;
    double whole = 0;
    for (const auto& [head, row] : of_heads) {
      for (const auto& [position, gained] : row) {
        by_position[position] += gained;
        whole += gained;
      }
    }
    std::vector<double> sorted;
    for (const auto& [position, gained] : by_position) sorted.push_back(gained);
    std::ranges::sort(sorted, std::greater<>());
    double held = 0;
    for (std::size_t i = 0; held < 0.95 * whole; ++i, ++slots) held += sorted[i];
  }
  slots /= static_cast<double>(masses.size());
  double& need = needs_[layer];
  need = need == 0 ? slots : 0.75 * need + 0.25 * slots;
}

void ReferenceRun::adapt_budgets() {
  if (knobs_.budget != settings::BudgetKind::adaptive || position_ % 16 != 0 ||
      knobs_.policy.name() == "full")
    return;
  share_out_slots();
  bool moves = false;
  for (std::size_t layer = 0; layer < budgets_.size(); ++layer) {
    const int change = std::abs(wanted_[layer] - budgets_[layer]);
    moves = moves || (change > 0 && 8 * change >= budgets_[layer]);
  }
  if (!moves) return;
  budgets_ = wanted_;
  for (int layer = 0; layer < config_.layers; ++layer) {
    for (Table& table : tables_[layer]) {
      while (static_cast<int>(table.stored.size()) > budgets_[layer]) {
        evict_one(layer, table, std::max(knobs_.recent_window, 1) - 1);
      }
    }
  }
}

void ReferenceRun::evict_one(int layer, Table& table, int recent) {
  std::vector<int> order;
  for (const auto& [position, entry] : table.stored) order.push_back(position);
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
    if (victim < 0 || score(layer, table, position) < score(layer, table, victim)) {
      victim = position;
    }
  }
  const bool degenerate = victim < 0;
  if (degenerate) {
    victim = *std::ranges::find_if(order, [&](int p) { return p >= knobs_.sinks; });
  }
  const int head = knobs_.granularity == settings::Granularity::head ? table.heads.front() : -1;
  evictions_.push_back(
      {.layer = layer, .head = head, .position = victim, .degenerate = degenerate});
  table.gone[victim] = table.stored.at(victim);
  table.stored.erase(victim);
}

ReferenceRun::Mass ReferenceRun::attend_table(int layer, Table& table, const Vector& query,
                                              Vector& output) {
  const int width = config_.head_width;
  Mass mass;
  for (const int head : table.heads) {
    const auto weight_of = [&](const Entry& entry) {
      double dot = 0;
      for (int d = head * width; d < (head + 1) * width; ++d) dot += query[d] * entry.key[d];
      return std::exp(dot * scale(layer));
    };
    double sum = 0;
    double lost = 0;
    for (const auto& [position, entry] : table.stored)
      sum += mass[head][position] = weight_of(entry);
    for (const auto& [position, entry] : table.gone) lost += weight_of(entry);
    retained_[layer] += sum / (sum + lost) / config_.heads;
    for (const auto& [position, entry] : table.stored) {
      mass[head][position] /= sum;
      for (int d = head * width; d < (head + 1) * width; ++d) {
        output[d] += mass[head][position] * entry.value[d];
      }
    }
    for (auto& [position, entry] : table.stored) {
      const double a = mass[head][position];
      double square = 0;
      for (int d = head * width; d < (head + 1) * width; ++d) {
        square += std::pow(output[d] - entry.value[d], 2);
      }
      if (head == table.heads.front() && !in_prompt_) entry.perturbation *= knobs_.decay;
      if (a < 1) entry.perturbation += a / (1 - a) * std::sqrt(square);
    }
  }
  for (auto& [position, entry] : table.stored) {
    entry.last = 0;
    for (const int head : table.heads) entry.last += mass[head][position];
    entry.queries += 1;
  }
  return mass;
}

ReferenceRun::Vector ReferenceRun::attend(int layer, const Vector& qkv) {
  const auto width = static_cast<std::size_t>(config_.width);
  const Vector key(qkv.begin() + width, qkv.begin() + 2 * width);
  const Vector value(qkv.begin() + 2 * width, qkv.end());
  Vector output(width);
  std::vector<Mass> masses;
  retained_[layer] = 0;
  for (Table& table : tables_[layer]) {
    if (knobs_.policy.name() != "full" && !in_prompt_ &&
        static_cast<int>(table.stored.size()) >= budgets_[layer]) {
      evict_one(layer, table, std::max(knobs_.recent_window, 1) - 1);
    }
    table.stored[position_] = {.key = key, .value = value, .token = token_};
    masses.push_back(attend_table(layer, table, qkv, output));
    if (!in_prompt_) continue;
    for (const auto& [head, by_position] : masses.back()) {
      for (const auto& [position, gained] : by_position) {
        table.prompt_mass[head][position] += gained;
      }
    }
  }
  if (!in_prompt_) {
    learn(layer, masses);
    learn_need(layer, masses);
  }
  return output;
}

void ReferenceRun::learn(int layer, const std::vector<Mass>& masses) {
  std::map<unsigned long, double> items;
  for (std::size_t t = 0; t < masses.size(); ++t) {
    Table& table = tables_[layer][t];
    for (auto& [position, entry] : table.stored) entry.accumulated *= knobs_.decay;
    for (const auto& [head, by_position] : masses[t]) {
      for (const auto& [position, gained] : by_position) {
        table.stored.at(position).accumulated += gained;
        items[item(table, head, position)] += gained;
      }
    }
  }
  if (knobs_.policy.name() != "sketch") return;
  sketches_[layer].scale(knobs_.decay);
  sketches_[layer].update(items);
}

std::vector<double> ReferenceRun::prefill(const std::vector<int>& tokens) {
  in_prompt_ = true;
  Vector logits;
  for (const int token : tokens) logits = feed(token);
  in_prompt_ = false;
  for (int layer = 0; layer < config_.layers; ++layer) {
    std::vector<Mass> masses;
    for (const Table& table : tables_[layer]) masses.push_back(table.prompt_mass);
    learn(layer, masses);
    for (Table& table : tables_[layer]) {
      while (knobs_.policy.name() != "full" &&
             static_cast<int>(table.stored.size()) > budgets_[layer]) {
        evict_one(layer, table, std::max(knobs_.recent_window, 1));
      }
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
  if (!in_prompt_) adapt_budgets();
  return logits;
}

std::vector<int> ReferenceRun::stored(int layer, int table) const {
  std::vector<int> positions;
  for (const auto& [position, entry] : tables_[layer][table].stored) positions.push_back(position);
  return positions;
}

}  // namespace sketchscope::support
