#include "engine/branch/independent_samples.hpp"

#include <utility>

namespace sketchscope {
namespace {

/// Some samples on their way, all of one session.
class SampleDrawer {
 public:
  SampleDrawer(std::shared_ptr<const Model> model, const BranchOptions& options,
               SampleMethod method, const std::stop_token& stop)
      : options_(options),
        method_(method),
        stop_(stop),
        session_(std::move(model), options.threads) {}

  IndependentSamples draw(int count) {
    result_.tokens.resize(static_cast<std::size_t>(count));
    result_.meter.resume();
    for (int sample = 0; sample < count; ++sample) {
      if (method_ == SampleMethod::prompt_shared && sample > 0) {
        add_fork(sample);
      } else {
        add_own_prompt(sample);
      }
      if (method_ == SampleMethod::sequential) finish_all();
    }
    finish_all();
    result_.meter.pause();
    return std::move(result_);
  }

 private:
  struct Sample {
    int index = 0;
    LaneId lane = 0;
  };

  [[nodiscard]] Knobs knobs_of(int sample) const {
    Knobs knobs = options_.knobs;
    knobs.seed += static_cast<std::uint64_t>(sample);
    return knobs;
  }

  void add_own_prompt(int sample) {
    const LaneId lane = session_.add_lane({.knobs = knobs_of(sample)});
    live_.push_back({.index = sample, .lane = lane});
    feed_prompt(session_, lane, options_);
    note(CostMeter::Fed::prompt);
  }

  void add_fork(int sample) {
    const LaneId lane = session_.fork(live_.front().lane);
    session_.lane(lane).apply(knobs_of(sample));
    live_.push_back({.index = sample, .lane = lane});
  }

  void finish_all() {
    draw_tokens();
    while (!live_.empty()) {
      std::vector<LaneInput> inputs;
      for (const Sample& sample : live_) {
        inputs.push_back({.lane = sample.lane, .token = tokens_of(sample).back()});
      }
      session_.step(inputs);
      note(CostMeter::Fed::paths);
      draw_tokens();
    }
  }

  /// One token of each live sample; those that end leave.
  void draw_tokens() {
    result_.interrupted = result_.interrupted || (!live_.empty() && stop_.stop_requested());
    std::erase_if(live_, [&](const Sample& sample) {
      const Lane& lane = session_.lane(sample.lane);
      const int token = session_.lane(sample.lane).draw_token();
      tokens_of(sample).push_back(token);
      const ModelConfig& config = session_.model().config();
      const bool ends = (options_.stop_at_end_of_text && token == config.end_of_text) ||
                        !may_go_on(config, options_, lane.tokens().size()) || result_.interrupted;
      if (ends) session_.remove(sample.lane);
      return ends;
    });
  }

  void note(CostMeter::Fed fed) {
    std::vector<LaneId> lanes;
    std::size_t distinct_tokens = 0;
    for (const Sample& sample : live_) {
      const bool shares = method_ == SampleMethod::prompt_shared && !lanes.empty();
      lanes.push_back(sample.lane);
      distinct_tokens +=
          session_.lane(sample.lane).tokens().size() - (shares ? options_.prompt.size() : 0);
    }
    result_.meter.note(session_, fed, lanes, distinct_tokens);
  }

  std::vector<int>& tokens_of(const Sample& sample) {
    return result_.tokens[static_cast<std::size_t>(sample.index)];
  }

  const BranchOptions& options_;
  SampleMethod method_;
  const std::stop_token& stop_;
  Session session_;
  std::vector<Sample> live_;
  IndependentSamples result_;
};

}  // namespace

std::string_view method_name(SampleMethod method) {
  switch (method) {
    case SampleMethod::sequential:
      return "sequential";
    case SampleMethod::batched:
      return "batched";
    case SampleMethod::prompt_shared:
      return "prompt_shared";
  }
  return {};
}

IndependentSamples draw_samples(std::shared_ptr<const Model> model, const BranchOptions& options,
                                SampleMethod method, int count, const std::stop_token& stop) {
  check_branch_options(options);
  return SampleDrawer(std::move(model), options, method, stop).draw(count);
}

}  // namespace sketchscope
