#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "engine/policy/victim.hpp"

namespace sketchscope::policy {

/// Returns the number of slots that each head always keeps: capacity / 5 (the safeguard of Ada-KV,
/// arXiv 2407.11550), but at least 1.
[[nodiscard]] constexpr int least_of_a_head(int capacity) {
  return std::max(capacity / 5, 1);
}

/// A victim and the table that stores it.
struct TableVictim {
  int table = 0;
  Victim victim;
};

/// Chooses victims among the tables of a layer together, whose slots its heads share (Ada-KV, arXiv
/// 2407.11550): the lowest score leaves first, of equal ones the lowest position, then the first
/// table. Its memory is kept so that later choices allocate nothing.
class SharedChoice {
 public:
  /// Takes the memory for `slots` slots of all tables.
  void reserve(std::size_t slots, std::size_t tables);
  [[nodiscard]] std::size_t bytes() const;

  /// Begins a choice without tables.
  void begin();
  /// Adds the next table, positions and importance (S).
  void add(std::span<const int> positions, std::span<const float> importance,
           const Protection& protection);

  /// The number of victims to choose.
  struct Count {
    int wanted = 0;   ///< chosen as far as protection and `guarded` allow
    int needed = 0;   ///< chosen even if recent positions must leave
    int guarded = 0;  ///< slots that each table keeps unless more are needed
  };
  /// Returns the victims in the order in which they leave, valid until the next begin(). If too few
  /// may leave, `guarded` is ignored; then protected recent positions leave, lowest first, as
  /// degenerate evictions. Sinks never leave: throws Error if only sinks remain.
  std::span<const TableVictim> choose(const Count& count);
  /// Takes a slot back from the victims, which stays. Returns whether it was among them.
  bool take_back(int table, int slot);
  [[nodiscard]] std::span<const TableVictim> victims() const { return victims_; }
  /// Puts the victims into descending order of slots, so that each can be taken out of its table
  /// without moving a later one.
  void order_by_slot();

 private:
  struct Candidate {
    float rank = 0;  // the score, NaN as −∞
    float score = 0;
    int position = 0;
    int table = 0;
    int slot = 0;
    bool is_spared = false;  // the last of those that are protected to leave
  };
  static bool leaves_after(const Candidate& left, const Candidate& right);
  // Takes the lowest that `guarded` lets go; those that it holds back go to `held_`.
  void take_lowest(int count, int guarded);
  void take(const Candidate& leaving, bool degenerate);

  std::vector<Candidate> free_;    // a heap, the lowest first
  std::vector<Candidate> held_;    // held back by the guard
  std::vector<Candidate> recent_;  // protected, but no sinks
  std::vector<int> left_;          // slots by table
  std::vector<TableVictim> victims_;
};

}  // namespace sketchscope::policy
