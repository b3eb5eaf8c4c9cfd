#include "engine/measure/head_structure.hpp"

#include <algorithm>

#include "engine/core/random.hpp"
#include "engine/schedule/run_totals.hpp"
#include "engine/schedule/schedule.hpp"

namespace sketchscope {
namespace {

struct HeadMasses {
  Mean sink, previous, induction;
};

// Observes the attention of one text's full-cache lane.
class HeadProbe final : public AttentionObserver {
 public:
  // `period` is the distance of a repeated token from its first occurrence; 0 stands for a text
  // without repetition.
  HeadProbe(const ModelConfig& config, std::size_t period)
      : heads_(static_cast<std::size_t>(config.heads)),
        period_(period),
        masses_(static_cast<std::size_t>(config.layers) * heads_) {}

  [[nodiscard]] bool wants(int, int, int position) const override {
    return position >= std::max(static_cast<int>(period_), 1);
  }
  void see(int layer, int head, const ShadowAttention& attention) override {
    HeadMasses& masses =
        masses_[static_cast<std::size_t>(layer) * heads_ + static_cast<std::size_t>(head)];
    const std::vector<float>& mass = attention.full;
    const std::size_t query = mass.size() - 1;
    if (period_ > 0) return masses.induction.add(mass[query - period_ + 1]);
    masses.sink.add(mass[0]);
    masses.previous.add(mass[query - 1]);
  }

  // Returns the masses by layer and head, (L, H).
  [[nodiscard]] const std::vector<HeadMasses>& masses() const { return masses_; }

 private:
  std::size_t heads_;
  std::size_t period_;
  std::vector<HeadMasses> masses_;  // (L, H)
};

std::vector<HeadStructure> means_over(std::span<const std::shared_ptr<HeadProbe>> probes,
                                      const ModelConfig& config) {
  std::vector<HeadStructure> heads;
  for (int number = 0; number < config.layers * config.heads; ++number) {
    HeadMasses sums;
    for (const auto& probe : probes) {
      const HeadMasses& masses = probe->masses()[static_cast<std::size_t>(number)];
      sums.sink.add(masses.sink);
      sums.previous.add(masses.previous);
      sums.induction.add(masses.induction);
    }
    heads.push_back({.layer = number / config.heads,
                     .head = number % config.heads,
                     .sink = sums.sink.value().value_or(0),
                     .previous = sums.previous.value().value_or(0),
                     .induction = sums.induction.value().value_or(0)});
  }
  return heads;
}

}  // namespace

std::vector<int> repeated_random_tokens(int count, int vocabulary, std::uint64_t seed) {
  SplitMix64 random(seed);
  std::vector<int> tokens;
  for (int at = 0; at < count; ++at) {
    tokens.push_back(static_cast<int>(random.below(static_cast<std::uint64_t>(vocabulary))));
  }
  tokens.insert(tokens.end(), tokens.begin(), tokens.end());
  return tokens;
}

std::vector<HeadStructure> measure_heads(std::shared_ptr<const Model> model,
                                         const HeadStructureOptions& options) {
  const ModelConfig& config = model->config();
  std::vector<std::vector<int>> repetitions;
  SplitMix64 seeds(options.seed);
  for (int repetition = 0; repetition < options.repetitions; ++repetition) {
    repetitions.push_back(
        repeated_random_tokens(options.repeated_tokens, config.vocabulary, seeds.next()));
  }
  std::vector<std::shared_ptr<HeadProbe>> probes;
  std::vector<LaneGroup> groups;
  const auto add = [&](std::span<const int> tokens, std::size_t period) {
    if (tokens.size() < 2) return;  // a single token has nothing earlier to attend to
    probes.push_back(std::make_shared<HeadProbe>(config, period));
    Knobs knobs{.policy = "full"};
    knobs.prefill = Prefill::stream;
    groups.push_back({{.lane = {.knobs = knobs, .audit = true, .observer = probes.back()},
                       .passage = {.prompt = tokens}}});
  };
  for (const auto& text : options.texts) add(text, 0);
  for (const auto& tokens : repetitions) add(tokens, tokens.size() / 2);
  Session session(model, options.threads);
  run_schedule(session, {.groups = groups}, {});
  return means_over(probes, config);
}

}  // namespace sketchscope
