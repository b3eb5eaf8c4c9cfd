#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/cache/page_pools.hpp"
#include "engine/cache/readings.hpp"
#include "engine/core/random.hpp"
#include "engine/decode/attention_observer.hpp"
#include "engine/decode/layer_cache.hpp"
#include "engine/model/input_row.hpp"
#include "engine/model/model_config.hpp"
#include "engine/policy/policy.hpp"
#include "engine/policy/victim.hpp"
#include "engine/read/read.hpp"
#include "engine/record/step_record.hpp"
#include "engine/settings/capacity_target.hpp"
#include "engine/settings/knobs.hpp"
#include "engine/settings/layer_budgets.hpp"
#include "engine/sketch/key_coder.hpp"

namespace sketchscope {

/// Buffers that one lane needs while a layer runs; one per row of a step, shared by all layers.
struct LaneScratch {
  [[nodiscard]] std::size_t bytes() const;

  std::vector<float> mass;                   // (H, S)
  std::vector<float> log_sum_exp;            // (H), over the slots read
  std::vector<std::vector<int>> read_slots;  // by table; an empty one: all that are stored
  std::vector<float> tail_share;             // (H), of the probability; empty without a summary
  std::vector<float> tail_mean;              // (D)
  std::vector<float> slot_mass;              // (S), summed over the heads of a table
  std::vector<float> damage;                 // (S), likewise
  std::vector<float> importance;             // (S)
  std::vector<SketchItem> items;
  std::vector<std::uint32_t> ids;       // of stored items, each once
  std::vector<float> estimates;         // of these
  std::vector<double> historic_shares;  // of the evicted, by row of items
  std::vector<float> key;               // (H, D) of a victim
  std::vector<float> value;             // (H, D) of a slot
  double policy_ms = 0;  // that this row's own policy, statistics and sketch took in a step
};

struct LaneOptions {
  Knobs knobs;
  bool audit = false;
  bool has_twin = false;                 ///< whose logits hold_target() will hear of
  bool keep_attention = false;           ///< LayerCache::attended
  std::shared_ptr<const Policy> policy;  ///< instead of the one that the knobs name, until they
                                         ///< name another
  std::shared_ptr<AttentionObserver> observer;  ///< of every step; needs the audit
};

/// One sequence being generated: its cache, policy, knobs, sampler and what its last step did. A
/// copy is a fork: it shares all pages and continues exactly as the original would.
class Lane {
 public:
  /// Throws UsageError on knobs that contradict each other or the model.
  Lane(const ModelConfig& config, std::shared_ptr<PagePools> pages, LaneOptions options);

  [[nodiscard]] const Knobs& knobs() const { return knobs_; }
  [[nodiscard]] std::span<const int> tokens() const { return tokens_; }    ///< fed so far
  [[nodiscard]] std::span<const float> logits() const { return logits_; }  ///< (V), empty at first
  [[nodiscard]] const std::vector<LayerCache>& layers() const { return layers_; }
  [[nodiscard]] const Policy& policy() const { return *policy_; }
  [[nodiscard]] const Read& read() const { return *read_; }
  [[nodiscard]] bool audited() const { return audited_; }
  /// Slots that each table of a layer may fill; empty where nothing is ever evicted.
  [[nodiscard]] std::optional<int> capacity(int layer) const;
  /// Where its pages come from.
  [[nodiscard]] const PagePool& pool() const;

  /// Draws the next token from the logits by the lane's own knobs and random numbers.
  int draw_token();

  /// Puts other knobs in force at a step boundary (design section 3, rule 8) and says what changed.
  std::vector<KnobChange> apply(const Knobs& knobs);
  /// At a step boundary: moves the capacity where the knobs' target asks for it, and says why.
  /// `logit_kl` is the last step's, for the target logit-kl.
  std::vector<KnobChange> hold_target(std::optional<double> logit_kl);

  /// Takes the memory that the next step's token asks for: pages, slots, room to work in. Returns
  /// how many free pages the step may want besides.
  std::size_t make_room(LaneScratch& scratch);
  void reserve_pages(std::size_t pages);

  /// The incoming token takes a free slot, or a victim's; its key and value (H, D) may come later.
  void place(int layer, const InputRow& row, LaneScratch& scratch);
  void fill(int layer, std::span<const float> key, std::span<const float> value);
  /// Attention of one query (H, D) over what is stored: a reading for each table, added as the
  /// kernel takes them. The results fill `output` (H, D) and the scratch.
  void add_readings(int layer, std::span<const float> query, std::span<float> output,
                    LaneScratch& scratch, Readings& readings) const;
  /// Narrows the readings just added, one a table, to the slots that the lane's read takes.
  void narrow_readings(int layer, LaneScratch& scratch, std::span<DecodeAttention> readings) const;
  /// Where the lane's read includes a summary of what was evicted, it joins output and mass.
  void join_tail(int layer, std::span<const float> query, std::span<float> output,
                 LaneScratch& scratch) const;
  /// Statistics and sketch learn from the mass that a reading left in the scratch, and from its
  /// output (H, D).
  void observe(int layer, std::span<const float> output, LaneScratch& scratch);
  /// Shadow attention over stored and evicted positions, nothing with the audit off: what has to be
  /// read, and what it shows once that is done.
  struct Answer {
    std::span<const float> query;   // (H, D)
    std::span<const float> output;  // (H, D)
  };
  void add_audit_readings(int layer, const Answer& answer, const LaneScratch& scratch,
                          Readings& readings);
  void audit(int layer, const Answer& answer, const LaneScratch& scratch);

  /// A token of a prompt that runs in one pass: always stored, the cut comes after.
  void store_prompt_token(int layer, const SlotTable::Entry& entry);
  /// A whole prompt as one step: its masses, summed over queries.
  struct PromptMass {
    std::span<const float> total;  // (H, N)
    std::span<const float> last;   // (H, N), under the last query alone
  };
  void observe_prompt(int layer, const PromptMass& mass, LaneScratch& scratch);
  /// Whether each query of a prompt has to be read by itself, since sums of mass do not tell
  /// enough.
  [[nodiscard]] bool observes_prompt_rows() const;
  /// One query (H, D) of a prompt and its output, once all before it are stored.
  void observe_prompt_row(int layer, std::span<const float> query, std::span<float> output,
                          LaneScratch& scratch);
  /// Brings the table to capacity in one selection after such a prompt.
  void cut_prompt(int layer, LaneScratch& scratch);

  /// The pass is over: these tokens were fed, and this follows.
  void finish_pass(std::span<const int> tokens, std::span<const float> logits);

  /// Copies what it shares with other lanes.
  void unshare_pages();

  /// Importance of every slot that a group of `layer` stores, as it stands now, (S).
  void score(int layer, const HeadGroup& group, std::span<float> importance) const;
  /// Which items of the layer's sketch a group's slots are.
  [[nodiscard]] ItemMap items_of(const HeadGroup& group) const;

  /// Victims since the last call.
  std::vector<EvictionRecord> take_evictions();

  [[nodiscard]] std::size_t kv_bytes() const;
  [[nodiscard]] std::size_t sketch_bytes() const;
  [[nodiscard]] std::size_t statistics_bytes() const;
  [[nodiscard]] std::size_t tail_bytes() const;
  [[nodiscard]] std::size_t audit_bytes() const;
  /// What this lane takes that `earlier`, a copy of it from before (may be null), does not share.
  [[nodiscard]] std::size_t bytes_beside(const Lane* earlier) const;

 private:
  [[nodiscard]] Clone<Sketch> fresh_sketch() const;
  [[nodiscard]] HeadGroup empty_group(const HeadRange& heads) const;
  [[nodiscard]] Clone<TailSummary> fresh_tail(const HeadRange& heads) const;
  [[nodiscard]] int table_heads() const;  // that share a table
  [[nodiscard]] PageShape page_shape() const;
  [[nodiscard]] LayerCache& layer_cache(int layer);
  [[nodiscard]] bool is_full(int layer, const HeadGroup& group) const {
    return policy_->evicts() && group.table.stored() >= budgets_.of(layer);
  }
  void make_room(int layer, HeadGroup& group);

  void change_policy(const Knobs& before);
  void change_sketch(const Knobs& before);
  void change_read(const Knobs& before);
  void change_format(const Knobs& before);
  // Makes the coder that the knobs ask for, if any.
  void change_coder();
  // What is told by a key: once when it comes, again for all that is stored when knobs change.
  void note_key(HeadGroup& group, int slot, std::span<const float> key);
  void note_stored_keys();

  void place(int layer, HeadGroup& group, const InputRow& row, LaneScratch& scratch);
  // A group's part of an entry of all heads.
  [[nodiscard]] SlotTable::Entry part_of(const HeadGroup& group,
                                         const SlotTable::Entry& entry) const;
  // What else learns of a new slot's key and value.
  void note_entry(HeadGroup& group, const SlotTable::Entry& entry);
  [[nodiscard]] BudgetRule budget_rule() const;
  [[nodiscard]] bool budgets_adapt(std::size_t fed) const;
  void learn_need(int layer, const MassView& mass, LaneScratch& scratch);
  void resplit_budgets();
  void cut_all(EvictionReason reason);
  void cut(int layer, int recent, EvictionReason reason, LaneScratch& scratch);
  void cut(int layer, HeadGroup& group, int recent, EvictionReason reason, LaneScratch& scratch);
  void record_victim(int layer, HeadGroup& group, const Victim& victim, EvictionReason reason,
                     LaneScratch& scratch);
  void learn_damage(HeadGroup& group, const MassView& mass, std::span<const float> output,
                    float decay, LaneScratch& scratch);
  // How the table `index` of a layer answered.
  [[nodiscard]] LayerAudit::Query audit_query(int layer, std::size_t index, const Answer& answer,
                                              const LaneScratch& scratch) const;
  void show(int layer, const HeadGroup& group, const LayerAudit::Query& query) const;
  static void keep_attention(LayerCache& cache, std::span<const float> mass);
  // Sketch and audit learn from mass (H, S).
  void count_mass(LayerCache& cache, const MassView& mass, LaneScratch& scratch);

  ModelConfig config_;
  std::shared_ptr<PagePools> pages_;
  Knobs knobs_;
  SketchKey sketch_key_;
  std::shared_ptr<const KeyCoder> coder_;  // null unless the sketch counts codes of keys
  bool audited_;
  bool has_twin_;
  std::shared_ptr<AttentionObserver> observer_;
  bool keeps_attention_;
  LayerBudgets budgets_;
  CapacityTarget target_;
  bool evicted_ = false;  // since target_ was told last
  std::shared_ptr<const Policy> policy_;
  std::shared_ptr<const Read> read_;
  SplitMix64 random_;
  std::vector<LayerCache> layers_;
  std::vector<int> tokens_;
  std::vector<float> logits_;
  std::vector<EvictionRecord> evictions_;
};

}  // namespace sketchscope
