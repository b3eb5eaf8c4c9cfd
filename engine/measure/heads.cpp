#include "engine/measure/heads.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/schedule/schedule.hpp"

namespace sketchscope::measure {
namespace {

// One term of the KL divergence, z ln(z / p), finite even if p was rounded to 0.
double kl_term(double z, double p) {
  return z > 0 ? z * std::log(z / std::max(p, double{std::numeric_limits<float>::min()})) : 0.0;
}

double dot(const std::vector<float>& left, const std::vector<float>& right) {
  return std::inner_product(left.begin(), left.end(), right.begin(), 0.0);
}

std::ptrdiff_t peak(const std::vector<float>& mass) {
  return std::ranges::max_element(mass) - mass.begin();
}

// Returns `wanted` sorted and without duplicates, or all indices below `count` if it is empty.
std::vector<int> chosen(std::string_view what, std::vector<int> wanted, int count) {
  if (wanted.empty()) {
    wanted.resize(static_cast<std::size_t>(count));
    std::iota(wanted.begin(), wanted.end(), 0);
    return wanted;
  }
  std::ranges::sort(wanted);
  const auto repeated = std::ranges::unique(wanted);
  wanted.erase(repeated.begin(), repeated.end());
  for (const int one : {wanted.front(), wanted.back()}) {
    if (one >= 0 && one < count) continue;
    throw core::UsageError({.what = std::string(what),
                            .found = std::to_string(one),
                            .expected = "0 to " + std::to_string(count - 1)});
  }
  return wanted;
}

struct HeadMasses {
  record::Mean sink, previous, induction;

  void add(const HeadMasses& other) {
    sink.add(other.sink);
    previous.add(other.previous);
    induction.add(other.induction);
  }
};

// Observes the attention of one text's full-cache lane.
class HeadProbe final : public cache::AttentionObserver {
 public:
  // `period` is the distance of a repeated token from its first occurrence; 0 stands for a text
  // without repetition.
  HeadProbe(const model::ModelConfig& config, std::size_t period)
      : heads_(static_cast<std::size_t>(config.heads)),
        period_(period),
        masses_(static_cast<std::size_t>(config.layers) * heads_) {}

  [[nodiscard]] bool wants(int, int, int position) const override {
    return position >= std::max(static_cast<int>(period_), 1);
  }
  void see(int layer, int head, const cache::ShadowAttention& attention) override {
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
                                      const model::ModelConfig& config) {
  std::vector<HeadStructure> heads;
  for (int number = 0; number < config.layers * config.heads; ++number) {
    HeadMasses sums;
    for (const auto& probe : probes) sums.add(probe->masses()[static_cast<std::size_t>(number)]);
    heads.push_back({.layer = number / config.heads,
                     .head = number % config.heads,
                     .sink = sums.sink.value(),
                     .previous = sums.previous.value(),
                     .induction = sums.induction.value()});
  }
  return heads;
}

}  // namespace

HeadShift shift_of(const cache::ShadowAttention& attention) {
  const auto& [p, q, z] = attention;
  HeadShift shift;
  double lost = 0;
  for (std::size_t position = 0; position < p.size(); ++position) {
    if (q[position] == 0) {
      lost += p[position];
      continue;
    }
    shift.attention_kl += kl_term(q[position], p[position]);
    shift.attention_tv += 0.5 * std::abs(double{q[position]} - p[position]);
  }
  shift.retained_mass = 1 - lost;
  shift.attention_kl = std::max(shift.attention_kl + kl_term(z, lost), 0.0);
  shift.attention_tv += 0.5 * std::abs(z - lost);
  shift.attention_cosine = dot(p, q) / std::sqrt(dot(p, p) * dot(q, q));
  shift.peak_shift = static_cast<double>(std::abs(peak(p) - peak(q)));
  shift.peak_moved = shift.peak_shift > 0 ? 1 : 0;
  return shift;
}

HeadWatch::HeadWatch(const model::ModelConfig& config, HeadSelection selection)
    : selection_{.layers = chosen("layer", std::move(selection.layers), config.layers),
                 .heads = chosen("head", std::move(selection.heads), config.heads),
                 .queries = chosen("query", std::move(selection.queries), config.positions),
                 .every = selection.every} {
  for (const int layer : selection_.layers) {
    for (const int head : selection_.heads) means_.push_back({.layer = layer, .head = head});
  }
}

bool HeadWatch::wants(int layer, int head, int position) const {
  return position % selection_.every == 0 && std::ranges::binary_search(selection_.layers, layer) &&
         std::ranges::binary_search(selection_.heads, head) &&
         std::ranges::binary_search(selection_.queries, position);
}

void HeadWatch::see(int layer, int head, const cache::ShadowAttention& attention) {
  const HeadShift shift = shift_of(attention);
  const auto of_head = std::ranges::find_if(
      means_, [&](const HeadMeans& one) { return one.layer == layer && one.head == head; });
  for (std::size_t at = 0; at < kHeadFigures.size(); ++at) {
    of_head->figures[at].add(shift.*kHeadFigures[at].value);
  }
  if (of_head == means_.begin()) ++seen_;
}

void HeadWatch::merge(const HeadWatch& other) {
  for (std::size_t head = 0; head < means_.size(); ++head) {
    for (std::size_t at = 0; at < kHeadFigures.size(); ++at) {
      means_[head].figures[at].add(other.means_[head].figures[at]);
    }
  }
  seen_ += other.seen_;
}

AttentionStudy study_attention(const std::shared_ptr<const model::Model>& model,
                               std::span<const int> tokens, const AttentionStudyOptions& options,
                               const core::ProgressSink& progress, const std::stop_token& stop) {
  AttentionStudy study{.heads = HeadWatch(model->config(), options.selection)};
  std::vector<std::shared_ptr<HeadWatch>> watches;
  std::vector<schedule::LaneGroup> groups;
  const auto chunks =
      chunks_of(tokens, *model, {.context = options.context, .start_token = options.start_token});
  for (const auto& chunk : chunks) {
    watches.push_back(std::make_shared<HeadWatch>(study.heads));
    groups.push_back({{.lane = {.knobs = options.knobs, .audit = true, .observer = watches.back()},
                       .passage = {.given = chunk}}});
  }
  decode::Session session(model, options.threads);
  study.interrupted = schedule::run_schedule(session,
                                             {.groups = groups,
                                              .lanes = static_cast<std::size_t>(options.lanes),
                                              .progress = progress},
                                             stop)
                          .interrupted;
  // Chunks are merged in order, so that sums do not depend on how many advance together.
  for (const auto& watch : watches) study.heads.merge(*watch);
  if (study.interrupted) return study;
  if (study.heads.queries() > 0) return study;
  throw core::UsageError({.what = "attention study",
                          .found = "no query of the text among those chosen",
                          .expected = "positions below the longest chunk's length"});
}

std::vector<int> repeated_random_tokens(int count, int vocabulary, std::uint64_t seed) {
  core::SplitMix64 random(seed);
  std::vector<int> tokens(static_cast<std::size_t>(count));
  for (int& token : tokens) {
    token = static_cast<int>(random.below(static_cast<std::uint64_t>(vocabulary)));
  }
  tokens.insert(tokens.end(), tokens.begin(), tokens.end());
  return tokens;
}

std::vector<HeadStructure> measure_heads(std::shared_ptr<const model::Model> model,
                                         const HeadStructureOptions& options,
                                         const std::stop_token& stop) {
  const model::ModelConfig& config = model->config();
  std::vector<std::vector<int>> repetitions;
  core::SplitMix64 seeds(options.seed);
  for (int repetition = 0; repetition < options.repetitions; ++repetition) {
    repetitions.push_back(
        repeated_random_tokens(options.repeated_tokens, config.vocabulary, seeds.next()));
  }
  std::vector<std::shared_ptr<HeadProbe>> probes;
  std::vector<schedule::LaneGroup> groups;
  const auto add = [&](std::span<const int> tokens, std::size_t period) {
    if (tokens.size() < 2) return;  // a single token has nothing earlier to attend to
    probes.push_back(std::make_shared<HeadProbe>(config, period));
    settings::Knobs knobs{.policy = "full"};
    knobs.prefill = settings::Prefill::stream;
    groups.push_back({{.lane = {.knobs = knobs, .audit = true, .observer = probes.back()},
                       .passage = {.prompt = tokens}}});
  };
  for (const auto& text : options.texts) add(text, 0);
  for (const auto& tokens : repetitions) add(tokens, tokens.size() / 2);
  decode::Session session(model, options.threads);
  schedule::run_schedule(session, {.groups = groups}, stop);
  return means_over(probes, config);
}

}  // namespace sketchscope::measure
