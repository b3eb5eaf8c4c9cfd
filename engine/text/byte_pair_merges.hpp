#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace sketchscope::text {

/// The merges of a byte-pair vocabulary, ranked in the order in which training added them.
class BytePairMerges {
 public:
  /// Appends a merge, whose rank is the number of those appended before it. A pair that was there
  /// already takes the new rank, as it does in OpenAI's and Hugging Face's code.
  void add(int left, int right, int merged);

  /// Replaces pairs by their merge, lowest rank first and leftmost first among equal ranks, until
  /// no pair has a merge.
  void apply(std::vector<int>& ids) const;

 private:
  struct Merge {
    int rank;
    int merged;
  };
  [[nodiscard]] const Merge* find(int left, int right) const;

  int next_rank_ = 0;
  std::unordered_map<std::uint64_t, Merge> merges_;
};

}  // namespace sketchscope::text
