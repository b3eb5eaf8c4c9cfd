#include "engine/measure/counter_study.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/decode/lane.hpp"
#include "engine/schedule/schedule.hpp"
#include "engine/sketch/sketch.hpp"

namespace sketchscope::measure {
namespace {

/// The baseline without a sketch: exact counters of the first items that occur, as many as fit.
class ExactCounters {
 public:
  explicit ExactCounters(std::size_t capacity) : capacity_(capacity) {}

  void update(std::span<const kernels::SketchItem> batch) {
    for (const kernels::SketchItem& item : batch) {
      if (sums_.size() < capacity_ || sums_.contains(item.id)) sums_[item.id] += item.mass;
    }
  }
  [[nodiscard]] double estimate(std::uint32_t id) const {
    const auto found = sums_.find(id);
    return found == sums_.end() ? 0.0 : found->second;
  }

 private:
  std::size_t capacity_;
  std::map<std::uint32_t, double> sums_;
};

/// Positions index an array; other ids must be stored with their counters.
std::size_t bytes_of_a_counter(sketch::SketchKey key) {
  const bool array = key == sketch::SketchKey::position || key == sketch::SketchKey::head_position;
  return sizeof(float) + (array ? 0 : sizeof(std::uint32_t));
}

/// All sketches and exact counters that count the items of one key in one layer.
class CounterComparison {
 public:
  CounterComparison(sketch::SketchKey key, const CounterStudyOptions& options) : key_(key) {
    for (const std::size_t budget : options.budgets) {
      exact_.emplace_back(budget / bytes_of_a_counter(key));
      for (const sketch::SketchKind& kind : sketch::sketch_kinds()) {
        if (!kind.has_table) continue;
        const auto counters = static_cast<int>(budget / sizeof(float));
        sketches_.push_back(kind.make({.width = std::max(1, counters / options.depth),
                                       .depth = options.depth,
                                       .seed = options.sketch_seed}));
      }
    }
  }

  void update(std::span<const kernels::SketchItem> batch) {
    for (const kernels::SketchItem& item : batch) truth_[item.id] += item.mass;
    for (ExactCounters& counters : exact_) counters.update(batch);
    for (const auto& sketch : sketches_) sketch->update(batch);
  }

  [[nodiscard]] bool is_empty() const { return truth_.empty(); }
  /// Returns one row for exact counters and one for each sketch, budget by budget. Something must
  /// have been counted.
  [[nodiscard]] std::vector<CounterStudyRow> rows(const CounterStudyOptions& options) const {
    std::vector<CounterStudyRow> rows;
    auto sketch = sketches_.begin();
    for (std::size_t index = 0; index < options.budgets.size(); ++index) {
      const auto add = [&](std::string_view counters, const auto& estimate_of) {
        rows.push_back(row_of_estimates(estimate_of, options.top));
        rows.back().counters = counters;
        rows.back().budget = options.budgets[index];
      };
      add("exact", [&](std::uint32_t id) { return exact_[index].estimate(id); });
      for (const sketch::SketchKind& kind : sketch::sketch_kinds()) {
        if (!kind.has_table) continue;
        const sketch::Sketch& estimating = **sketch++;
        add(kind.name, [&](std::uint32_t id) { return double{estimating.estimate(id)}; });
      }
    }
    return rows;
  }

 private:
  template <typename EstimateOf>
  [[nodiscard]] CounterStudyRow row_of_estimates(const EstimateOf& estimate_of, int top) const {
    std::vector<std::pair<double, std::uint32_t>> by_truth;
    std::vector<std::pair<double, std::uint32_t>> by_estimate;
    double error = 0;
    double total = 0;
    for (const auto& [id, sum] : truth_) {
      const double estimate = estimate_of(id);
      error += std::abs(estimate - sum);
      total += sum;
      by_truth.emplace_back(-sum, id);
      by_estimate.emplace_back(-estimate, id);
    }
    std::ranges::sort(by_truth);
    std::ranges::sort(by_estimate);
    const std::size_t count = std::min(static_cast<std::size_t>(top), by_truth.size());
    std::vector<std::uint32_t> heaviest;
    for (std::size_t at = 0; at < count; ++at) heaviest.push_back(by_truth[at].second);
    double found = 0;
    for (std::size_t at = 0; at < count; ++at) {
      found += std::ranges::count(heaviest, by_estimate[at].second) > 0 ? 1 : 0;
    }
    const auto items = static_cast<double>(truth_.size());
    return {.key = core::name_of(key_),
            .items = items,
            .exact_bytes = items * static_cast<double>(bytes_of_a_counter(key_)),
            .mean_error = error / items,
            .relative_error = error / total,
            .top_found = found / static_cast<double>(count)};
  }

  sketch::SketchKey key_;
  std::map<std::uint32_t, double> truth_;
  std::vector<ExactCounters> exact_;
  std::vector<std::unique_ptr<sketch::Sketch>> sketches_;
};

bool lasts_over_texts(sketch::SketchKey key) {
  return key == sketch::SketchKey::token || key == sketch::SketchKey::key_lsh;
}

class Study {
 public:
  Study(const model::ModelConfig& config, const CounterStudyOptions& options)
      : config_(config), options_(options) {
    for (const auto& [key, name] : core::enum_names<sketch::SketchKey>) keys_.push_back(key);
  }

  // Feeds the texts one after the other.
  std::vector<CounterStudyRow> run(decode::Session& session, const core::ProgressSink& progress,
                                   const std::stop_token& stop) {
    std::vector<schedule::LaneGroup> groups;
    for (const auto& text : options_.texts) {
      groups.push_back({{.lane = {.knobs = full_cache(), .keep_attention = true},
                         .passage = {.prompt = text},
                         .on_step = [this](const schedule::LaneStep& step) { count(step); }}});
    }
    schedule::run_schedule(session, {.groups = groups, .lanes = 1, .progress = progress}, stop);
    close_comparisons(true);
    for (auto& [place, row] : sums_) divide(row, counts_[place]);
    std::vector<CounterStudyRow> rows;
    for (auto& [place, row] : sums_) rows.push_back(std::move(row));
    return rows;
  }

 private:
  // Knobs of a full cache that still computes the codes of keys.
  [[nodiscard]] settings::Knobs full_cache() const {
    settings::Knobs knobs{.policy = "sketch", .max_cache_size = config_.positions, .sinks = 0};
    knobs.prefill = settings::Prefill::stream;
    knobs.sketch = "exact";
    knobs.sketch_key = sketch::SketchKey::key_lsh;
    knobs.lsh_bits = options_.lsh_bits;
    knobs.sketch_seed = options_.sketch_seed;
    return knobs;
  }

  void open_comparisons() {
    for (int layer = 0; layer < config_.layers; ++layer) {
      for (const sketch::SketchKey key : keys_)
        comparisons_.try_emplace({layer, key}, key, options_);
    }
  }

  void count(const schedule::LaneStep& step) {
    const decode::Lane& lane = step.lane();
    if (lane.tokens().size() == 1) open_comparisons();
    for (int layer = 0; layer < config_.layers; ++layer) {
      const decode::LayerView view = lane.layer(layer);
      count(layer, view.table(0).items(), view.attended().mass);
    }
    if (step.last) close_comparisons(false);
  }

  // Counts `mass` (H, S) on the slots of the one table that all heads share, by item.
  void count(int layer, sketch::ItemMap items, std::span<const float> mass) {
    const cache::MassView view = cache::mass_view(mass, config_.heads);
    slot_mass_.resize(static_cast<std::size_t>(view.slots));
    for (const sketch::SketchKey key : keys_) {
      items.key = key;
      batch_.clear();
      for (int row = 0; row < items.rows(); ++row) {
        items.add_items(row, cache::mass_of_kv_head(view, row, items.rows(), slot_mass_), batch_);
      }
      comparisons_.at({layer, key}).update(batch_);
    }
  }

  void close_comparisons(bool all) {
    for (auto comparison = comparisons_.begin(); comparison != comparisons_.end();) {
      const sketch::SketchKey key = comparison->first.second;
      if (lasts_over_texts(key) && !all) {
        ++comparison;
        continue;
      }
      // Where a stop came before the first step, there is nothing that a mean could be of.
      const auto rows = comparison->second.is_empty() ? std::vector<CounterStudyRow>()
                                                      : comparison->second.rows(options_);
      int place = 0;
      for (const CounterStudyRow& row : rows) {
        add({key, place}, row);
        ++place;
      }
      comparison = comparisons_.erase(comparison);
    }
  }

  using Place = std::pair<sketch::SketchKey, int>;

  void add(const Place& place, const CounterStudyRow& row) {
    ++counts_[place];
    const auto [found, is_new] = sums_.try_emplace(place, row);
    if (is_new) return;
    for (const auto field : kMeans) found->second.*field += row.*field;
  }

  static void divide(CounterStudyRow& row, int count) {
    for (const auto field : kMeans) row.*field /= count;
  }

  static constexpr std::array kMeans = {
      &CounterStudyRow::items, &CounterStudyRow::exact_bytes, &CounterStudyRow::mean_error,
      &CounterStudyRow::relative_error, &CounterStudyRow::top_found};

  const model::ModelConfig& config_;
  const CounterStudyOptions& options_;
  std::vector<sketch::SketchKey> keys_;
  std::map<std::pair<int, sketch::SketchKey>, CounterComparison> comparisons_;  // by layer and key
  std::map<Place, CounterStudyRow> sums_;
  std::map<Place, int> counts_;
  std::vector<float> slot_mass_;
  std::vector<kernels::SketchItem> batch_;
};

}  // namespace

std::vector<CounterStudyRow> study_counters(std::shared_ptr<const model::Model> model,
                                            const CounterStudyOptions& options,
                                            const core::ProgressSink& progress,
                                            std::stop_token stop) {
  decode::Session session(std::move(model), options.threads);
  return Study(session.model().config(), options).run(session, progress, stop);
}

}  // namespace sketchscope::measure
