#include "engine/measure/continuation.hpp"

#include <algorithm>
#include <string>

#include "engine/core/error.hpp"
#include "engine/decode/session.hpp"
#include "engine/measure/ngrams.hpp"
#include "engine/schedule/record_builder.hpp"

namespace sketchscope {
namespace {

constexpr int kLongestNgram = 4;

// A prompt on its way through the model.
struct Writer {
  std::size_t prompt = 0;
  LaneId lane = 0;
  std::vector<int> tokens;  // to be fed: the prompt, then those drawn
  std::size_t fed = 0;
  bool ended = false;
};

class Continuer {
 public:
  Continuer(std::shared_ptr<const Model> model, std::span<const std::vector<int>> prompts,
            const ContinuationOptions& options)
      : options_(options), session_(std::move(model), options.threads), prompts_(prompts) {
    result_.tokens.resize(prompts.size());
  }

  Continuations run(const std::function<void(double)>& progress, const std::stop_token& stop) {
    while (true) {
      admit();
      result_.interrupted = !writers_.empty() && stop.stop_requested();
      if (writers_.empty() || result_.interrupted) break;
      step();
      if (progress) {
        progress(static_cast<double>(next_ - writers_.size()) /
                 static_cast<double>(prompts_.size()));
      }
    }
    for (const Writer& writer : writers_) keep_tokens(writer);
    return std::move(result_);
  }

 private:
  void admit() {
    while (static_cast<int>(writers_.size()) < options_.lanes && next_ < prompts_.size()) {
      const std::vector<int>& prompt = prompts_[next_];
      check(prompt);
      Knobs knobs = options_.knobs;
      knobs.temperature = 0;
      Writer writer{.prompt = next_++,
                    .lane = session_.add_lane({.knobs = knobs, .audit = options_.audit}),
                    .tokens = prompt};
      if (knobs.prefill != Prefill::stream) {
        session_.prefill(writer.lane, prompt);
        result_.totals.add_pass(session_.times(), 0);
        writer.fed = prompt.size();
        account(writer);
      }
      if (!finished(writer)) writers_.push_back(std::move(writer));
    }
  }

  void check(const std::vector<int>& prompt) const {
    const int positions = session_.model().config().positions;
    if (!prompt.empty() && prompt.size() <= static_cast<std::size_t>(positions)) return;
    throw Error({.what = "prompt to continue",
                 .found = std::to_string(prompt.size()) + " tokens",
                 .expected = "1 to " + std::to_string(positions) + " (n_positions)"});
  }

  void step() {
    std::vector<LaneInput> inputs;
    for (const Writer& writer : writers_) {
      hold_target(session_, {.lane = writer.lane});
      inputs.push_back({.lane = writer.lane, .token = writer.tokens[writer.fed]});
    }
    session_.step(inputs);
    result_.totals.add_pass(session_.times(), inputs.size());
    for (Writer& writer : writers_) {
      ++writer.fed;
      account(writer);
    }
    std::erase_if(writers_, [&](const Writer& writer) { return finished(writer); });
  }

  // What the lane did, and which token it goes on with.
  void account(Writer& writer) {
    Lane& lane = session_.lane(writer.lane);
    result_.totals.add_layers(describe_layers(lane));
    result_.totals.add_evictions(lane.take_evictions());
    if (writer.fed < writer.tokens.size()) return;
    const ModelConfig& config = session_.model().config();
    const int token = lane.draw_token();
    writer.ended = options_.stop_at_end_of_text && token == config.end_of_text;
    if (writer.ended) return;
    writer.tokens.push_back(token);
    const std::size_t written = writer.tokens.size() - prompts_[writer.prompt].size();
    writer.ended = written == static_cast<std::size_t>(options_.max_new_tokens) ||
                   writer.fed == static_cast<std::size_t>(config.positions);
  }

  bool finished(const Writer& writer) {
    if (!writer.ended) return false;
    const Lane& lane = session_.lane(writer.lane);
    result_.totals.add_memory(memory_of(session_, lane));
    result_.totals.add_lane(lane);
    session_.remove(writer.lane);
    keep_tokens(writer);
    return true;
  }

  void keep_tokens(const Writer& writer) {
    const auto written = std::span(writer.tokens).subspan(prompts_[writer.prompt].size());
    result_.tokens[writer.prompt].assign(written.begin(), written.end());
  }

  const ContinuationOptions& options_;
  Session session_;
  std::span<const std::vector<int>> prompts_;
  std::vector<Writer> writers_;
  std::size_t next_ = 0;
  Continuations result_;
};

}  // namespace

Continuations continue_prompts(std::shared_ptr<const Model> model,
                               std::span<const std::vector<int>> prompts,
                               const ContinuationOptions& options,
                               const std::function<void(double)>& progress, std::stop_token stop) {
  return Continuer(std::move(model), prompts, options).run(progress, stop);
}

Likeness compare_continuation(std::span<const int> tokens, const std::vector<int>& full) {
  Likeness likeness{.bleu4 = bleu(tokens, {&full, 1}, kLongestNgram),
                    .tokens = static_cast<int>(std::max(tokens.size(), full.size()))};
  likeness.first_divergence =
      static_cast<int>(std::ranges::mismatch(tokens, full).in1 - tokens.begin());
  for (std::size_t at = 0; at < std::min(tokens.size(), full.size()); ++at) {
    likeness.agreed += tokens[at] == full[at] ? 1 : 0;
  }
  return likeness;
}

LikenessMeans means_of(std::span<const Likeness> likenesses) {
  std::vector<Portion> bleu4;
  std::vector<Portion> agreement;
  std::vector<Portion> first_divergence;
  LikenessMeans means{.prompts = static_cast<int>(likenesses.size())};
  for (const Likeness& likeness : likenesses) {
    means.identical += likeness.identical() ? 1 : 0;
    const double compared = likeness.tokens > 0 ? 1 : 0;
    bleu4.push_back({.sum = likeness.bleu4, .weight = likeness.tokens < kLongestNgram ? 0.0 : 1.0});
    agreement.push_back({.sum = static_cast<double>(likeness.agreed),
                         .weight = static_cast<double>(likeness.tokens)});
    first_divergence.push_back(
        {.sum = static_cast<double>(likeness.first_divergence), .weight = compared});
  }
  means.bleu4 = estimate_mean(bleu4);
  means.agreement = estimate_mean(agreement);
  means.first_divergence = estimate_mean(first_divergence);
  return means;
}

std::optional<LikenessMeans> compare_with_full(std::shared_ptr<const Model> model,
                                               std::span<const std::vector<int>> prompts,
                                               ContinuationOptions options,
                                               const std::function<void(double)>& progress,
                                               std::stop_token stop) {
  const auto half = [&](double start) {
    return [&progress, start](double share) {
      if (progress) progress(start + share / 2);
    };
  };
  const Continuations capped = continue_prompts(model, prompts, options, half(0), stop);
  options.knobs = full_cache_knobs(options.knobs);
  const Continuations full = continue_prompts(std::move(model), prompts, options, half(0.5), stop);
  if (capped.interrupted || full.interrupted) return std::nullopt;
  std::vector<Likeness> likenesses;
  for (std::size_t at = 0; at < prompts.size(); ++at) {
    likenesses.push_back(compare_continuation(capped.tokens[at], full.tokens[at]));
  }
  return means_of(likenesses);
}

}  // namespace sketchscope
