// Calls the functions that fuzzers call: with their seeds, with seeds that are damaged at random,
// and with inputs that once showed a defect.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "engine/core/files.hpp"
#include "engine/core/random.hpp"
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {

/// Names a target in messages of tests.
static void PrintTo(const Target& target, std::ostream* stream) {
  *stream << target.name;
}

namespace {

class FuzzTarget : public ::testing::TestWithParam<Target> {};

/// Returns the input with a few bytes changed, cut out, doubled or put in.
std::string damaged(std::string input, core::SplitMix64& random) {
  constexpr std::string_view kTelling("\0\xFF\x7F\x80\"{}[],:.-19@eN", 19);
  for (std::uint64_t left = 1 + random.below(4); left > 0 && !input.empty(); --left) {
    const auto at = static_cast<std::size_t>(random.below(input.size()));
    const auto length = std::min(input.size() - at, static_cast<std::size_t>(1 + random.below(16)));
    switch (random.below(5)) {
      case 0:
        input[at] = static_cast<char>(random.below(256));
        break;
      case 1:
        input.erase(at, length);
        break;
      case 2:
        input.insert(at, input.substr(at, length));
        break;
      case 3:
        input[at] = kTelling[static_cast<std::size_t>(random.below(kTelling.size()))];
        break;
      default:
        input.resize(at);
    }
  }
  return input;
}

TEST_P(FuzzTarget, AcceptsItsSeeds) {
  const std::vector<std::string> seeds = GetParam().seeds();
  ASSERT_FALSE(seeds.empty());
  for (const std::string& seed : seeds) {
    EXPECT_TRUE(GetParam().run(seed)) << seed.substr(0, 200);
  }
}

TEST_P(FuzzTarget, KeepsItsPromiseForDamagedSeeds) {
  core::SplitMix64 random(1);
  const std::vector<std::string> seeds = GetParam().seeds();
  constexpr int kInputs = 400;
  for (int number = 0; number < kInputs; ++number) {
    const std::string input = damaged(seeds[random.below(seeds.size())], random);
    EXPECT_NO_THROW(GetParam().run(input)) << "input " << number;
  }
}

TEST_P(FuzzTarget, KeepsItsPromiseForInputsThatOnceShowedADefect) {
  const std::filesystem::path folder =
      std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "tests/fuzz/regressions" / GetParam().name;
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no defect was found with this target";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    EXPECT_NO_THROW(GetParam().run(core::read_file(file.path()))) << file.path().filename();
  }
}

INSTANTIATE_TEST_SUITE_P(Readers, FuzzTarget,
                         ::testing::ValuesIn(targets().begin(), targets().end()),
                         [](const ::testing::TestParamInfo<Target>& target) {
                           std::string name(target.param.name);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace sketchscope::fuzz
