#include "tests/support/reference_run.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>
#include <tuple>

namespace sketchscope::support {

ReferenceRun::ReferenceRun(const model::ModelConfig& config,
                           const checkpoint::Checkpoint& checkpoint, const settings::Knobs& knobs)
    : config_(config),
      checkpoint_(checkpoint),
      knobs_(knobs),
      tables_(static_cast<std::size_t>(config.layers)),
      sketches_(static_cast<std::size_t>(config.layers), ReferenceSketch(knobs)),
      budgets_(knobs, config.layers),
      asked_(static_cast<std::size_t>(config.layers)),
      retained_(static_cast<std::size_t>(config.layers), 1.0) {
  const bool apart = knobs.granularity == settings::Granularity::head;
  for (auto& tables : tables_) {
    tables.resize(apart ? static_cast<std::size_t>(config.kv_heads) : 1);
    for (int head = 0; head < config.heads; ++head) {
      tables[apart ? kv_of(head) : 0].heads.push_back(head);
    }
    for (int head = 0; head < config.kv_heads; ++head) {
      tables[apart ? head : 0].kv_heads.push_back(head);
    }
  }
  Mixer mixer{knobs.sketch_seed};
  for (int bit = 0; bit < knobs.lsh_bits; ++bit) {
    planes_.emplace_back();
    for (int c = 0; c < config.head_width * (apart ? 1 : config.kv_heads); ++c) {
      double sum = -6;
      for (int i = 0; i < 12; ++i) sum += mixer.uniform();
      planes_.back().push_back(static_cast<float>(sum));
    }
  }
}

double ReferenceRun::norm(const Table& table, const Vector& vectors) const {
  double sum = 0;
  for (const int head : table.kv_heads) {
    double square = 0;
    for (const double number : head_of(vectors, head)) square += number * number;
    sum += std::sqrt(square);
  }
  return sum;
}

unsigned long ReferenceRun::code(const Table& table, const Entry& entry) const {
  const int first = table.kv_heads.front() * config_.head_width;
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
  const bool by_mass = knobs_.policy.name() == "formula" && knobs_.formula.text() == "mass";
  if (by_mass || knobs_.policy.name() == "heavy-hitter") return entry.accumulated;
  if (knobs_.policy.name() == "tova") return entry.last;
  if (knobs_.policy.name() == "age-normalized") return entry.accumulated / entry.queries;
  if (knobs_.policy.name() == "key-norm") return -norm(table, entry.key);
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
  for (const int head : table.kv_heads) {
    sum += sketches_[layer].estimate(item(table, head, position));
  }
  return sum;
}

void ReferenceRun::adapt_budgets() {
  if (position_ % 16 != 0 || knobs_.policy.name() == "full" || !budgets_.adapt()) return;
  for (int layer = 0; layer < config_.layers; ++layer) {
    for (Table& table : tables_[layer]) {
      const int surplus = static_cast<int>(table.stored.size()) - budgets_.slots(layer);
      evict(layer, table, std::max(knobs_.recent_window, 1) - 1, surplus);
    }
  }
}

void ReferenceRun::make_room(int layer, Table& table) {
  if (knobs_.policy.name() == "full" ||
      static_cast<int>(table.stored.size()) < budgets_.slots(layer))
    return;
  const int recent = std::max(knobs_.recent_window, 1) - 1;
  const int free = static_cast<int>(table.stored.size() - safe_positions(table, recent).size());
  evict(layer, table, recent, std::max(std::min(free, knobs_.evict_batch), 1));
}

bool ReferenceRun::shares_slots() const {
  return knobs_.budget == settings::BudgetKind::heads && knobs_.policy.name() != "full";
}

void ReferenceRun::make_shared_room(int layer) {
  const int tables = static_cast<int>(tables_[layer].size());
  int stored = tables;  // with the incoming token in each
  for (const Table& table : tables_[layer]) stored += static_cast<int>(table.stored.size());
  const int needed = stored - tables * budgets_.slots(layer);
  if (needed <= 0) return;
  evict_shared(layer, std::max(knobs_.recent_window, 1) - 1, tables * knobs_.evict_batch, needed,
               std::max(budgets_.slots(layer) / 5, 1) - 1);
}

void ReferenceRun::evict_shared(int layer, int recent, int wanted, int needed, int guarded) {
  struct Place {
    double score;
    int position;
    int table;
  };
  std::vector<Place> free;
  for (int table = 0; table < std::ssize(tables_[layer]); ++table) {
    const std::set<int> safe = safe_positions(tables_[layer][table], recent);
    for (const auto& [position, score] : scores(layer, tables_[layer][table])) {
      if (!safe.contains(position)) free.push_back({score, position, table});
    }
  }
  std::ranges::sort(free, {}, [](const Place& place) {
    return std::tuple(place.score, place.position, place.table);
  });
  int left = std::max(wanted, needed);
  for (const Place& place : free) {
    Table& table = tables_[layer][place.table];
    if (left == 0) break;
    if (static_cast<int>(table.stored.size()) <= guarded) continue;
    evictions_.push_back({.layer = layer, .head = place.table, .position = place.position});
    table.gone[place.position] = table.stored.at(place.position);
    table.stored.erase(place.position);
    --left;
    --needed;
  }
  if (needed > 0) throw std::runtime_error("no reference for heads where all is protected");
}

std::set<int> ReferenceRun::safe_positions(const Table& table, int recent) const {
  std::set<int> safe;
  for (const auto& [position, entry] : table.stored) {
    if (position < knobs_.sinks || position >= position_ - observed_window()) safe.insert(position);
  }
  auto highest = table.stored.rbegin();
  for (int i = 0; i < recent && highest != table.stored.rend(); ++i) {
    safe.insert((highest++)->first);
  }
  return safe;
}

void ReferenceRun::evict(int layer, Table& table, int recent, int count) {
  if (count <= 0) return;
  const std::set<int> safe = safe_positions(table, recent);
  const int head = knobs_.granularity == settings::Granularity::head ? table.kv_heads.front() : -1;
  std::vector<std::pair<double, int>> free;
  std::vector<int> last_resort;
  for (const auto& [position, score] : scores(layer, table)) {
    if (!safe.contains(position)) free.push_back({score, position});
    if (safe.contains(position) && position >= knobs_.sinks) last_resort.push_back(position);
  }
  std::ranges::sort(free);
  for (int i = 0; i < count; ++i) {
    const bool degenerate = i >= static_cast<int>(free.size());
    const int victim = degenerate ? last_resort.at(i - free.size()) : free[i].second;
    evictions_.push_back(
        {.layer = layer, .head = head, .position = victim, .degenerate = degenerate});
    table.gone[victim] = table.stored.at(victim);
    table.stored.erase(victim);
  }
}

std::map<int, ReferenceRun::Vector> ReferenceRun::keys_to_read(const Table& table,
                                                               Vector& query) const {
  std::map<int, Vector> keys;
  const bool ranked = knobs_.positions == settings::Positions::cache;
  for (const auto& [position, entry] : table.stored) {
    keys[position] = ranked ? rotate(entry.key, static_cast<int>(keys.size())) : entry.key;
  }
  query = rotate(query, ranked ? static_cast<int>(keys.size()) - 1 : position_);
  return keys;
}

// The share of full attention, over all keys at their tokens' positions, that falls on what is
// stored.
void ReferenceRun::retain(int layer, const Table& table, const Vector& query) {
  const Vector rotated = rotate(query, position_);
  const int width = config_.head_width;
  for (const int head : table.heads) {
    const auto weight_of = [&](const Entry& entry) {
      double dot = 0;
      for (int d = 0; d < width; ++d) {
        dot += rotated[head * width + d] * entry.own_rotated[kv_of(head) * width + d];
      }
      return std::exp(dot * scale(layer));
    };
    double kept = 0;
    double lost = 0;
    for (const auto& [position, entry] : table.stored) kept += weight_of(entry);
    for (const auto& [position, entry] : table.gone) lost += weight_of(entry);
    retained_[layer] += kept / (kept + lost) / config_.heads;
  }
}

ReferenceRun::Mass ReferenceRun::attend_table(int layer, Table& table, const Vector& query,
                                              Vector& output) {
  const int width = config_.head_width;
  retain(layer, table, query);
  Vector rotated = query;
  const std::map<int, Vector> keys = keys_to_read(table, rotated);
  Mass mass;
  for (const int head : table.heads) {
    const int at = head * width;         // of the query
    const int kv = kv_of(head) * width;  // of the key and the value
    double sum = 0;
    for (const auto& [position, key] : keys) {
      double dot = 0;
      for (int d = 0; d < width; ++d) dot += rotated[at + d] * key[kv + d];
      sum += mass[head][position] = std::exp(dot * scale(layer));
    }
    for (const auto& [position, entry] : table.stored) {
      mass[head][position] /= sum;
      for (int d = 0; d < width; ++d) output[at + d] += mass[head][position] * entry.value[kv + d];
    }
    for (auto& [position, entry] : table.stored) {
      const double a = mass[head][position];
      double square = 0;
      for (int d = 0; d < width; ++d) square += std::pow(output[at + d] - entry.value[kv + d], 2);
      if (head == table.heads.front() && !in_prompt_) entry.perturbation *= knobs_.decay;
      if (a < 1) entry.perturbation += a / (1 - a) * std::sqrt(square);
    }
  }
  table.rows.emplace_back();
  for (auto& [position, entry] : table.stored) {
    entry.last = 0;
    for (const int head : table.heads) entry.last += mass[head][position];
    entry.queries += 1;
    table.rows.back()[position] = entry.last;
  }
  return mass;
}

ReferenceRun::Vector ReferenceRun::attend(int layer, const Vector& qkv) {
  const Vector query(qkv.begin(), qkv.begin() + config_.query_width());
  const Vector key(qkv.begin() + config_.query_width(), qkv.end() - config_.kv_width());
  const Vector value(qkv.end() - config_.kv_width(), qkv.end());
  const bool ranked = knobs_.positions == settings::Positions::cache;
  Vector output(query.size());
  std::vector<Mass> masses;
  retained_[layer] = 0;
  if (!in_prompt_ && shares_slots()) make_shared_room(layer);
  for (Table& table : tables_[layer]) {
    if (!in_prompt_ && !shares_slots()) make_room(layer, table);
    table.stored[position_] = {.key = ranked ? key : rotate(key, position_),
                               .own_rotated = rotate(key, position_),
                               .value = value,
                               .token = token_};
    masses.push_back(attend_table(layer, table, query, output));
    if (!in_prompt_) continue;
    for (const auto& [head, by_position] : masses.back()) {
      for (const auto& [position, gained] : by_position) {
        table.prompt_mass[head][position] += gained;
      }
    }
  }
  if (position_ >= knobs_.sinks) asked_[layer].push_back(query);
  if (!in_prompt_) {
    learn(layer, masses);
    if ((position_ + 1) % 16 == 0) budgets_.learn_need(layer, masses);
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
        items[item(table, kv_of(head), position)] += gained;
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
    if (shares_slots()) {
      const int tables = static_cast<int>(tables_[layer].size());
      const int surplus = tables * (static_cast<int>(tokens.size()) - budgets_.slots(layer));
      if (surplus > 0) {
        evict_shared(layer, std::max(knobs_.recent_window, 1), surplus, surplus,
                     std::max(budgets_.slots(layer) / 5, 1));
      }
      continue;
    }
    for (Table& table : tables_[layer]) {
      const int surplus = static_cast<int>(table.stored.size()) - budgets_.slots(layer);
      if (knobs_.policy.name() == "full") continue;
      evict(layer, table, std::max(knobs_.recent_window, 1), surplus);
    }
  }
  return logits;
}

std::vector<int> ReferenceRun::stored(int layer, int table) const {
  std::vector<int> positions;
  for (const auto& [position, entry] : tables_[layer][table].stored) positions.push_back(position);
  return positions;
}

}  // namespace sketchscope::support
