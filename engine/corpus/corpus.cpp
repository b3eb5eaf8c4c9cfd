#include "engine/corpus/corpus.hpp"

#include "engine/corpus/tale_writer.hpp"

namespace sketchscope {
namespace {

/// FNV-1a (Fowler, Noll, Vo), so that the split is the same on every platform.
std::uint64_t hash(std::uint64_t state, std::string_view text) {
  for (const unsigned char letter : text) state = (state ^ letter) * 0x100000001B3ULL;
  return state;
}

}  // namespace

CorpusSplit split_of_combination(std::string_view person, std::string_view object,
                                 std::string_view place) {
  auto state = hash(0xCBF29CE484222325ULL, person);
  state = hash(hash(state, object), place);
  const auto share = SplitMix64(state).below(10);
  if (share == 0) return CorpusSplit::test;
  return share == 1 ? CorpusSplit::validation : CorpusSplit::train;
}

Tale make_tale(const TaleOptions& options) {
  return TaleWriter(options).write();
}

}  // namespace sketchscope
