#include "engine/measure/head_structure.hpp"

#include <algorithm>
#include <functional>
#include <string>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"
#include "kernels/distribution.hpp"

namespace sketchscope {
namespace {

/// A mean in the making.
struct Mean {
  double sum = 0;
  int count = 0;

  void add(double value) {
    sum += value;
    ++count;
  }
  [[nodiscard]] double value() const { return count > 0 ? sum / count : 0; }
};

/// What is wanted of one query of one head.
struct Observation {
  std::size_t head = 0;                ///< layer · H + head
  std::size_t query = 0;               ///< position
  std::span<const float> probability;  // (query + 1)
};

/// Causal attention of one text, every probability of which is shown to `observe`.
class ObservedAttention final : public AttentionLayer {
 public:
  using Observe = std::function<void(const Observation&)>;

  ObservedAttention(const ModelConfig& config, Observe observe)
      : config_(config),
        width_(static_cast<std::size_t>(config.head_width)),
        heads_(static_cast<std::size_t>(config.heads)),
        observe_(std::move(observe)) {}

  void attend(int layer, const AttentionInput& input, std::span<float> output) override {
    const std::size_t tokens = output.size() / (heads_ * width_);
    std::ranges::fill(output, 0.0F);
    for (std::size_t head = 0; head < heads_; ++head) {
      for (std::size_t query = 0; query < tokens; ++query) {
        read(layer, input, {query, head}, output.subspan((query * heads_ + head) * width_, width_));
      }
    }
  }

 private:
  struct Place {
    std::size_t row;
    std::size_t head;
  };
  /// One head's vector (D) of a row.
  [[nodiscard]] std::span<const float> part(const StridedRows& vectors, Place place) const {
    return vectors.row(place.row).subspan(place.head * width_, width_);
  }

  void read(int layer, const AttentionInput& input, Place place, std::span<float> output) {
    probability_.resize(place.row + 1);
    const auto query = part(input.query, place);
    const auto kv_head = static_cast<std::size_t>(config_.kv_head_of(static_cast<int>(place.head)));
    for (std::size_t row = 0; row <= place.row; ++row) {
      const auto key = part(input.key, {row, kv_head});
      double score = 0;
      for (std::size_t at = 0; at < width_; ++at) score += double{query[at]} * key[at];
      probability_[row] = static_cast<float>(score * config_.attention_scale(layer));
    }
    softmax(probability_, probability_);
    for (std::size_t row = 0; row <= place.row; ++row) {
      const auto value = part(input.value, {row, kv_head});
      for (std::size_t at = 0; at < width_; ++at) output[at] += probability_[row] * value[at];
    }
    observe_({static_cast<std::size_t>(layer) * heads_ + place.head, place.row, probability_});
  }

  const ModelConfig& config_;
  std::size_t width_;  // D
  std::size_t heads_;  // H
  Observe observe_;
  std::vector<float> probability_;
};

struct Means {
  Mean sink, previous, induction;
};

class HeadProbe {
 public:
  HeadProbe(const Model& model, int threads)
      : model_(model),
        pool_(threads),
        means_(static_cast<std::size_t>(model.config().layers * model.config().heads)) {}

  void read_text(std::span<const int> tokens) {
    run(tokens, [this](const Observation& seen) {
      if (seen.query == 0) return;
      means_[seen.head].sink.add(seen.probability[0]);
      means_[seen.head].previous.add(seen.probability[seen.query - 1]);
    });
  }

  void read_repetition(std::span<const int> tokens) {
    const std::size_t period = tokens.size() / 2;
    run(tokens, [this, period](const Observation& seen) {
      if (seen.query < period) return;
      means_[seen.head].induction.add(seen.probability[seen.query - period + 1]);
    });
  }

  [[nodiscard]] std::vector<HeadStructure> result() const {
    std::vector<HeadStructure> heads;
    const int per_layer = model_.config().heads;
    for (const Means& means : means_) {
      const int number = static_cast<int>(heads.size());
      heads.push_back({.layer = number / per_layer,
                       .head = number % per_layer,
                       .sink = means.sink.value(),
                       .previous = means.previous.value(),
                       .induction = means.induction.value()});
    }
    return heads;
  }

 private:
  void run(std::span<const int> tokens, ObservedAttention::Observe observe) {
    const int positions = model_.config().positions;
    if (tokens.size() > static_cast<std::size_t>(positions)) {
      throw Error({.what = "text to read the heads' attention on",
                   .found = std::to_string(tokens.size()) + " tokens",
                   .expected = "at most " + std::to_string(positions) + " (n_positions)",
                   .remedy = "Use a shorter one"});
    }
    std::vector<InputRow> rows;
    for (const int token : tokens) rows.push_back({token, static_cast<int>(rows.size())});
    ObservedAttention attention(model_.config(), std::move(observe));
    model_.forward(pool_, {.rows = rows, .path = LinearPath::prompt}, attention, activations_);
  }

  const Model& model_;
  ThreadPool pool_;
  Activations activations_;
  std::vector<Means> means_;  // (L, H)
};

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

std::vector<HeadStructure> measure_heads(const Model& model, const HeadStructureOptions& options) {
  HeadProbe probe(model, options.threads);
  for (const auto& text : options.texts) probe.read_text(text);
  SplitMix64 seeds(options.seed);
  for (int repetition = 0; repetition < options.repetitions; ++repetition) {
    probe.read_repetition(
        repeated_random_tokens(options.repeated_tokens, model.config().vocabulary, seeds.next()));
  }
  return probe.result();
}

}  // namespace sketchscope
