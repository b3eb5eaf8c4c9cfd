#include "engine/text/character_map.hpp"

#include "engine/text/utf8.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/gguf_bytes.hpp"

namespace sketchscope::fuzz {
namespace {

bool run_character_map(std::string_view input) {
  const Files files = split_files(input);
  const auto step =
      accepted([&] { return text::character_map_step(content_of(files, "map"), "the map"); });
  if (!step) return false;
  const std::string text = text::utf8_replacing_invalid(content_of(files, "text"));
  if (!text.empty()) static_cast<void>((*step)(text));
  return true;
}

/// Returns a trie that replaces "a" by "b".
std::vector<std::string> character_map_seeds() {
  constexpr std::uint32_t kValueFollows = 1U << 8U;
  std::string units;
  for (std::uint32_t index = 0; index < 128; ++index) {
    std::uint32_t unit = 0;
    if (index == 0) unit = 1U << 10U;
    if (index == (1U ^ 'a')) unit = 'a' | kValueFollows | ((1U ^ 'a' ^ 2U) << 10U);
    if (index == 2) unit = 0x80000000U;
    units += support::raw_bytes(unit);
  }
  const std::string map =
      support::raw_bytes(static_cast<std::uint32_t>(units.size())) + units + std::string("b\0", 2);
  return {join_files({{"map", map}, {"text", "abc"}})};
}

}  // namespace

Target character_map_target() {
  return {"character-map", "precompiled_charsmap of SentencePiece", run_character_map,
          character_map_seeds};
}

}  // namespace sketchscope::fuzz
