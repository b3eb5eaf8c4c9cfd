#include "engine/text/byte_pair_merges.hpp"

#include <cstddef>
#include <queue>
#include <tuple>

namespace sketchscope::text {
namespace {

constexpr int kNone = -1;

std::uint64_t key_of(int left, int right) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32 |
         static_cast<std::uint32_t>(right);
}

/// A pair that may be merged; it is outdated once one of its halves has changed.
struct Candidate {
  int rank;
  int left;  // place of its left half
  int left_id;
  int right_id;
  int merged;
};

struct LaterCandidate {
  bool operator()(const Candidate& a, const Candidate& b) const {
    return std::tie(a.rank, a.left) > std::tie(b.rank, b.left);
  }
};

/// A symbol of the word, linked to its neighbours; a symbol merged into its left one has id kNone.
struct Symbol {
  int id;
  int previous;
  int next;
};

}  // namespace

void BytePairMerges::add(int left, int right, int merged) {
  merges_.insert_or_assign(key_of(left, right), Merge{next_rank_++, merged});
}

const BytePairMerges::Merge* BytePairMerges::find(int left, int right) const {
  const auto found = merges_.find(key_of(left, right));
  return found == merges_.end() ? nullptr : &found->second;
}

void BytePairMerges::apply(std::vector<int>& ids) const {
  const int count = static_cast<int>(ids.size());
  std::vector<Symbol> symbols;
  symbols.reserve(ids.size());
  for (int i = 0; i < count; ++i) {
    symbols.push_back({ids[static_cast<std::size_t>(i)], i - 1, i + 1 < count ? i + 1 : kNone});
  }
  const auto at = [&symbols](int place) -> Symbol& {
    return symbols[static_cast<std::size_t>(place)];
  };
  std::priority_queue<Candidate, std::vector<Candidate>, LaterCandidate> candidates;
  const auto offer = [&](int left) {
    if (left == kNone || at(left).next == kNone) {
      return;
    }
    const int left_id = at(left).id;
    const int right_id = at(at(left).next).id;
    if (const Merge* merge = find(left_id, right_id)) {
      candidates.push({merge->rank, left, left_id, right_id, merge->merged});
    }
  };

  for (int i = 0; i < count; ++i) {
    offer(i);
  }
  while (!candidates.empty()) {
    const Candidate best = candidates.top();
    candidates.pop();
    Symbol& left = at(best.left);
    if (left.id != best.left_id || left.next == kNone || at(left.next).id != best.right_id) {
      continue;
    }
    Symbol& right = at(left.next);
    left.id = best.merged;
    left.next = right.next;
    right.id = kNone;
    if (left.next != kNone) {
      at(left.next).previous = best.left;
    }
    offer(left.previous);
    offer(best.left);
  }

  ids.clear();
  for (int place = count > 0 ? 0 : kNone; place != kNone; place = at(place).next) {
    ids.push_back(at(place).id);
  }
}

}  // namespace sketchscope::text
