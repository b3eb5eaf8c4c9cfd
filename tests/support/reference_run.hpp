#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/model/checkpoint.hpp"
#include "engine/model/gpt2_config.hpp"
#include "engine/session/knobs.hpp"

namespace sketchscope::testing {

/// The rules of the cache written a second time, independently and plainly: one token after the
/// other, lists instead of pages, double precision, no code shared with the engine.
class ReferenceRun {
 public:
  ReferenceRun(const Gpt2Config& config, const Checkpoint& checkpoint, const Knobs& knobs);

  /// Feeds a token and returns the next-token logits (V).
  std::vector<double> feed(int token);

  /// `prefill full`: every token sees all before it; masses count as one step; then the cut.
  std::vector<double> prefill(const std::vector<int>& tokens);

  struct Eviction {
    int layer = 0;
    int position = 0;
    bool degenerate = false;
    friend bool operator==(const Eviction&, const Eviction&) = default;
  };
  [[nodiscard]] const std::vector<Eviction>& evictions() const { return evictions_; }
  /// Positions stored in a layer, ascending.
  [[nodiscard]] std::vector<int> stored(int layer) const;
  /// Mean over heads of the mass that fell on stored positions in the last step, of everything ever
  /// stored.
  [[nodiscard]] double retained_mass(int layer) const { return retained_[layer]; }

 private:
  using Vector = std::vector<double>;
  struct Entry {
    Vector key;    // (C)
    Vector value;  // (C)
    int token = 0;
    double accumulated = 0;
    double last = 0;
    double queries = 0;
  };

  [[nodiscard]] const Vector& tensor(const std::string& name) const;
  [[nodiscard]] Vector linear(const Vector& x, const std::string& name, int outputs) const;
  [[nodiscard]] Vector norm(const Vector& x, const std::string& name) const;
  [[nodiscard]] double activation(double x) const;
  [[nodiscard]] double score(int layer, int position, const Entry& entry) const;
  void evict_one(int layer, int recent);
  void learn(int layer, const std::map<int, double>& mass);
  Vector attend(int layer, const Vector& qkv);
  void update_sketch(int layer, const std::map<int, double>& mass);
  [[nodiscard]] double estimate(int layer, int item) const;
  [[nodiscard]] int bucket(int row, int item) const;

  Gpt2Config config_;
  const Checkpoint& checkpoint_;
  Knobs knobs_;
  int position_ = 0;
  bool in_prompt_ = false;
  std::vector<std::map<int, double>> prompt_mass_;  // by layer, by position
  int token_ = 0;
  std::vector<std::map<int, Entry>> cache_;                    // by layer, by position
  std::vector<std::map<int, Entry>> gone_;                     // evicted, likewise
  std::vector<std::vector<Vector>> tables_;                    // by layer, row, column
  std::vector<std::pair<unsigned long, unsigned long>> hash_;  // a, b by row
  std::vector<double> retained_;
  std::vector<Eviction> evictions_;
  mutable std::map<std::string, Vector> tensors_;
};

}  // namespace sketchscope::testing
