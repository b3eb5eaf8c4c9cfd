#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/checkpoint/checkpoint.hpp"
#include "engine/model/model_config.hpp"
#include "engine/settings/knobs.hpp"
#include "tests/support/reference_budgets.hpp"
#include "tests/support/reference_sketch.hpp"

namespace sketchscope::support {

/// An independent second implementation of the rules of the cache (docs/cache.md) for GPT-2 and
/// Llama: one token at a time, lists instead of pages, double precision, no code shared with the
/// engine.
class ReferenceRun {
 public:
  ReferenceRun(const model::ModelConfig& config, const checkpoint::Checkpoint& checkpoint,
               const settings::Knobs& knobs);

  /// Feeds a token and returns the next-token logits (V).
  std::vector<double> feed(int token);

  /// Prefills as `prefill full` does: full causal attention, masses that count as one step, then
  /// pruning to capacity.
  std::vector<double> prefill(const std::vector<int>& tokens);

  struct Eviction {
    int layer = 0;
    int head = -1;  ///< -1 where heads share a table
    int position = 0;
    bool degenerate = false;
    friend bool operator==(const Eviction&, const Eviction&) = default;
  };
  [[nodiscard]] const std::vector<Eviction>& evictions() const { return evictions_; }
  /// Returns the positions stored in a table of a layer, ascending.
  [[nodiscard]] std::vector<int> stored(int layer, int table = 0) const;
  /// Returns the retained mass of the last step, mean over heads.
  [[nodiscard]] double retained_mass(int layer) const { return retained_[layer]; }

 private:
  using Vector = std::vector<double>;
  struct Entry {
    Vector key;          // (K · D), as it is stored
    Vector own_rotated;  // (K · D): the key at its token's position
    Vector value;        // (K · D)
    int token = 0;
    double accumulated = 0;
    double last = 0;
    double queries = 0;
    double perturbation = 0;
  };
  /// The table of some heads, with mass by head and position.
  struct Table {
    std::vector<int> heads;     // query heads
    std::vector<int> kv_heads;  // that they read
    std::map<int, Entry> stored;
    std::map<int, Entry> gone;
    std::map<int, std::map<int, double>> prompt_mass;
    std::vector<std::map<int, double>> rows;  // mass by position, summed over heads, by query
  };
  using Mass = ReferenceBudgets::Mass;

  [[nodiscard]] const Vector& tensor(const std::string& name) const;
  [[nodiscard]] Vector linear(const Vector& x, const std::string& name, int outputs) const;
  [[nodiscard]] Vector norm(const Vector& x, const std::string& name) const;
  [[nodiscard]] bool is_llama() const { return config_.rotary.has_value(); }
  // A projection as Llama stores it, (N, K) without a bias.
  [[nodiscard]] Vector project(const Vector& x, const std::string& name) const;
  [[nodiscard]] Vector rms_norm(const Vector& x, const std::string& name) const;
  // Each head's vector rotated by a position; as it is where positions are learned.
  [[nodiscard]] Vector rotate(const Vector& heads, int position) const;
  [[nodiscard]] int kv_of(int head) const { return head * config_.kv_heads / config_.heads; }
  void run_gpt2_block(int layer, Vector& x);
  void run_llama_block(int layer, Vector& x);
  [[nodiscard]] double activation(double x) const;
  [[nodiscard]] double scale(int layer) const;

  [[nodiscard]] double score(int layer, const Table& table, int position) const;
  // The scores of all stored positions of a table.
  [[nodiscard]] std::map<int, double> scores(int layer, const Table& table) const;
  [[nodiscard]] std::map<int, double> observed(const Table& table, int window) const;
  [[nodiscard]] std::vector<int> older(const Table& table, int window) const;
  [[nodiscard]] std::map<int, double> snapkv_scores(const Table& table) const;
  [[nodiscard]] std::map<int, double> key_diff_scores(const Table& table) const;
  [[nodiscard]] std::map<int, double> r_kv_scores(const Table& table) const;
  [[nodiscard]] std::map<int, double> expected_scores(int layer, const Table& table) const;
  // How many of the last positions the policy observes one by one, and keeps.
  [[nodiscard]] int observed_window() const;
  [[nodiscard]] Vector head_of(const Vector& all, int head) const;
  [[nodiscard]] double norm(const Table& table, const Vector& vectors) const;
  [[nodiscard]] unsigned long item(const Table& table, int head, int position) const;
  [[nodiscard]] unsigned long code(const Table& table, const Entry& entry) const;
  void make_room(int layer, Table& table);
  [[nodiscard]] bool shares_slots() const;
  void make_shared_room(int layer);
  // Evicts from all tables of a layer together; each keeps `guarded` unless more are needed.
  void evict_shared(int layer, int recent, int wanted, int needed, int guarded);
  // The positions of a table that may not leave.
  [[nodiscard]] std::set<int> safe_positions(const Table& table, int recent) const;
  // Evicts by scores that are taken once.
  void evict(int layer, Table& table, int recent, int count);
  void adapt_budgets();
  Mass attend_table(int layer, Table& table, const Vector& query, Vector& output);
  // The keys of a table as its query meets them, by position; `query` is rotated to match.
  std::map<int, Vector> keys_to_read(const Table& table, Vector& query) const;
  void retain(int layer, const Table& table, const Vector& query);
  void learn(int layer, const std::vector<Mass>& masses);
  Vector attend(int layer, const Vector& qkv);

  model::ModelConfig config_;
  const checkpoint::Checkpoint& checkpoint_;
  settings::Knobs knobs_;
  int position_ = 0;
  int token_ = 0;
  bool in_prompt_ = false;
  std::vector<std::vector<Table>> tables_;  // by layer
  std::vector<ReferenceSketch> sketches_;   // by layer
  std::vector<Vector> planes_;              // of key codes, by bit
  ReferenceBudgets budgets_;
  std::vector<std::vector<Vector>> asked_;  // by layer: queries (H · D), not rotated, of no sink
  std::vector<double> retained_;
  std::vector<Eviction> evictions_;
  mutable std::map<std::string, Vector> tensors_;
};

}  // namespace sketchscope::support
