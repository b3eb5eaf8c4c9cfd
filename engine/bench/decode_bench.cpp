#include "engine/bench/decode_bench.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <numeric>
#include <utility>

#include "engine/bench/operation_rows.hpp"
#include "engine/core/error.hpp"
#include "engine/core/timing.hpp"
#include "engine/decode/cached_attention.hpp"
#include "engine/schedule/feeding.hpp"
#include "engine/trace/recorder.hpp"

namespace sketchscope::bench {
namespace {

std::vector<float> noise(std::size_t count, core::SplitMix64& random) {
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(random.uniform() - 0.5);
  return values;
}

constexpr std::uint64_t kSeed = 1;

/// Returns the row's label, such as "sketch + audit + twin".
std::string label_of(const DecodeSetting& setting) {
  return setting.knobs.policy.name() + (setting.audit ? " + audit" : "") +
         (setting.twin ? " + twin" : "");
}

/// All lanes of one setting. Steps of fewer lanes use them in rotation, so that their contexts grow
/// evenly.
class LaneRing {
 public:
  LaneRing(decode::Session& session, const DecodeSetting& setting, int lanes, int context) {
    const model::ModelConfig& config = session.model().config();
    core::SplitMix64 random(kSeed);
    for (int i = 0; i < lanes; ++i) {
      pairs_.push_back(schedule::add_pair(session, {.knobs = setting.knobs, .audit = setting.audit},
                                          setting.twin));
      fill_synthetic_context(session.lane(pairs_.back().lane), config, context, random);
      if (pairs_.back().twin)
        fill_synthetic_context(session.lane(*pairs_.back().twin), config, context, random);
    }
  }

  /// Returns feeds of one token for the next `lanes` lanes.
  std::vector<schedule::Feed> next(int lanes) {
    std::vector<schedule::Feed> feeds;
    for (int i = 0; i < lanes; ++i) {
      feeds.push_back({.pair = pairs_[next_], .tokens = {&kToken, 1}});
      next_ = (next_ + 1) % pairs_.size();
    }
    return feeds;
  }

 private:
  static constexpr int kToken = 1;
  std::vector<schedule::LanePair> pairs_;
  std::size_t next_ = 0;
};

/// Returns the largest number of tokens that a lane is fed in all rounds and the warm-up.
int growth_of(const DecodeBenchOptions& options, int most_lanes) {
  const int fed = std::accumulate(options.lanes.begin(), options.lanes.end(), 0);
  return (options.rounds + 1) * (fed / most_lanes + 1);
}

void check_room(const model::ModelConfig& config, int context, int growth) {
  if (context >= 1 && context + growth <= config.positions) return;
  throw core::UsageError({.what = "context of a benchmark",
                          .found = std::to_string(context) + " tokens and up to " +
                                   std::to_string(growth) + " more in its rounds",
                          .expected = "1 to " + std::to_string(config.positions) + " in all",
                          .remedy = "Ask for a shorter context or fewer rounds"});
}

/// Returns the number of filled slots of all layers together.
double stored_slots(const decode::Lane& lane) {
  double slots = 0;
  for (const decode::LayerView& layer : lane.layers()) slots += layer.stored();
  return slots;
}

class DecodeBench {
 public:
  explicit DecodeBench(const DecodeBenchOptions& options)
      : options_(options), session_(options.model, options.threads), recorder_(options.threads) {
    if (options.writer != nullptr || options.by_operation) session_.trace_to(&recorder_);
    const int most = std::ranges::max(options.lanes);
    const int growth = growth_of(options, most);
    for (const DecodeSetting& setting : options.settings) {
      check_room(session_.model().config(), setting.context, growth);
      // Contexts start shorter by half their growth, so that their mean is the wanted length.
      rings_.emplace_back(session_, setting, most, std::max(1, setting.context - growth / 2));
      for (const int lanes : options.lanes) add_row(setting, lanes);
    }
  }

  /// Runs one step of every row until a stop is requested; the first round only warms up.
  void round(bool counts, const std::stop_token& stop) {
    std::size_t row = 0;
    for (LaneRing& ring : rings_) {
      for (const int lanes : options_.lanes) {
        if (stop.stop_requested()) return;
        time_step(ring, lanes, rows_[row], counts);
        note_operations(row++, counts);
      }
    }
  }

  /// Returns the rows that have times.
  [[nodiscard]] std::vector<BenchRow> rows() && {
    if (options_.by_operation) return rows_by_operation();
    std::erase_if(rows_, [](const BenchRow& row) { return row.times.empty(); });
    return std::move(rows_);
  }

 private:
  [[nodiscard]] std::vector<BenchRow> rows_by_operation() const {
    std::vector<BenchRow> rows;
    for (std::size_t row = 0; row < traces_.size(); ++row) {
      std::ranges::move(operation_rows(rows_[row], traces_[row]), std::back_inserter(rows));
    }
    return rows;
  }

  void add_row(const DecodeSetting& setting, int lanes) {
    rows_.push_back({.what = options_.what,
                     .lanes = lanes,
                     .dtype = session_.model().dtype_name(),
                     .context = setting.context,
                     .policy = label_of(setting)});
  }

  void time_step(LaneRing& ring, int lanes, BenchRow& row, bool counts) {
    const std::vector<schedule::Feed> feeds = ring.next(lanes);
    const core::Stopwatch watch;
    schedule::feed(session_, feeds);
    const double elapsed_ms = watch.elapsed_ms();
    for (const schedule::Feed& one : feeds) session_.lane(one.pair.lane).take_evictions();
    if (!counts) return;
    row.times.add(elapsed_ms);
    row.bytes = streamed_weight_bytes(session_.model());
    row.operations = 0;
    for (const schedule::Feed& one : feeds) {
      count_work(session_.lane(one.pair.lane), row);
      if (one.pair.twin) count_work(session_.lane(*one.pair.twin), row);
    }
  }

  // Takes the operations of the step that was made last.
  void note_operations(std::size_t index, bool counts) {
    if (session_.recorder() == nullptr) return;
    trace::StepTrace step = recorder_.take(steps_++);
    if (options_.writer != nullptr) write_trace(rows_[index], step);
    traces_.resize(rows_.size());
    if (options_.by_operation && counts)
      traces_[index].push_back(std::make_shared<const trace::StepTrace>(std::move(step)));
  }

  void write_trace(const BenchRow& row, const trace::StepTrace& step) const {
    options_.writer->add(
        step, row.what + " " + row.dtype,
        row.what + " " + row.dtype + ", lanes: " + std::to_string(row.lanes) + ", " + row.policy);
  }

  void count_work(const decode::Lane& lane, BenchRow& row) const {
    const model::ModelConfig& config = session_.model().config();
    row.bytes += static_cast<double>(lane.kv_bytes());
    // Every query head multiplies each number of a slot's key and value once.
    row.operations +=
        2.0 * (multiply_adds_per_row(config) + 2.0 * config.query_width() * stored_slots(lane));
  }

  const DecodeBenchOptions& options_;
  decode::Session session_;
  trace::Recorder recorder_;
  std::int64_t steps_ = 0;                                    // made so far
  std::vector<std::vector<trace::StepTracePointer>> traces_;  // by row
  std::vector<LaneRing> rings_;
  std::vector<BenchRow> rows_;
};

}  // namespace

void fill_synthetic_context(decode::Lane& lane, const model::ModelConfig& config, int tokens,
                            core::SplitMix64& random) {
  const auto count = static_cast<std::size_t>(tokens);
  const auto width = static_cast<std::size_t>(config.kv_width());
  std::vector<int> ids(count);
  for (int& id : ids) {
    id = static_cast<int>(random.below(static_cast<std::uint64_t>(config.vocabulary)));
  }
  // All vectors are overlapping windows of one noise sequence, which is much cheaper than drawing
  // each.
  const std::vector<float> values = noise(count + width, random);
  const std::vector<float> mass(static_cast<std::size_t>(config.heads) * count, 1.0F);
  decode::LaneState& state = lane.state();
  decode::LaneWorkspace workspace;
  for (int layer = 0; layer < config.layers; ++layer) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto vector = std::span(values).subspan(i, width);
      decode::store_prompt_token(
          state, layer,
          {.position = static_cast<int>(i), .token = ids[i], .key = vector, .value = vector},
          vector);
    }
    if (tokens == 0) continue;
    decode::update_from_prompt(state, layer, {.total = mass, .last = mass}, workspace);
    decode::prune_prompt(state, layer, workspace);
  }
  lane.take_evictions();
  lane.finish_pass(ids, std::vector<float>(static_cast<std::size_t>(config.vocabulary)));
}

std::vector<BenchRow> bench_decode(const DecodeBenchOptions& options, trace::MachineProbe& machine,
                                   const core::ProgressSink& progress,
                                   const std::stop_token& stop) {
  DecodeBench bench(options);
  bench.round(false, stop);
  for (int round = 0; round < options.rounds && !stop.stop_requested(); ++round) {
    machine.measure();
    bench.round(true, stop);
    if (progress) progress((round + 1.0) / options.rounds);
  }
  return std::move(bench).rows();
}

double streamed_weight_bytes(const model::Model& model) {
  const model::ModelConfig& config = model.config();
  const double learned_positions = config.rotary ? 0.0 : config.positions;
  return static_cast<double>(model.weight_bytes()) -
         learned_positions * config.width * sizeof(float);
}

double multiply_adds_per_row(const model::ModelConfig& config) {
  const double width = config.width;
  const double attention = width * (2.0 * config.query_width() + 2.0 * config.kv_width());
  const double inner = width * (config.up_width() + config.inner_width);
  return config.layers * (attention + inner) + width * config.vocabulary;
}

}  // namespace sketchscope::bench
