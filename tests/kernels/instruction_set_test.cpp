#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kernels/cpu/instruction_set.hpp"

namespace sketchscope::kernels {
namespace {

using cpu::InstructionSet;

TEST(SupportedInstructionSets, BeginWithWhatEveryProcessorRuns) {
  const auto sets = cpu::supported_instruction_sets();
  ASSERT_FALSE(sets.empty());
  EXPECT_EQ(sets.front(), InstructionSet::plain);
  EXPECT_TRUE(std::ranges::is_sorted(sets));
}

/// Returns nm's output for the kernels' library in this program's folder.
std::vector<std::string> library_symbols() {
  const auto library = std::filesystem::read_symlink("/proc/self/exe").parent_path() /
                       "kernels/libsketchscope_kernels.a";
  const std::string command = "nm -C --defined-only '" + library.string() + "' 2>/dev/null";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::vector<std::string> lines;
  std::string line;
  for (int c = 0; pipe && (c = std::fgetc(pipe.get())) != EOF;) {
    if (c != '\n') {
      line += static_cast<char>(c);
    } else {
      lines.push_back(std::exchange(line, {}));
    }
  }
  return lines;
}

/// A function that several files define is kept once, whoever compiled it. Were one from here
/// kept, a processor without these instructions would meet them anywhere in the program.
TEST(FilesForOneInstructionSet, DefineNoFunctionThatOtherFilesCouldBeGiven) {
  const auto lines = library_symbols();
  if (lines.empty()) GTEST_SKIP() << "nm, or the library beside this program, is missing";
  const std::vector<std::pair<std::string, std::string>> files{
      {"kernel_set_avx2.cpp.o:", "Avx2"},
      {"kernel_set_avx512.cpp.o:", "Avx512Vectors<(sketchscope::kernels::cpu::Vnni)0>"},
      {"kernel_set_avx512vnni.cpp.o:", "Avx512Vectors<(sketchscope::kernels::cpu::Vnni)1>"}};
  for (const auto& [file, vector_type] : files) {
    auto line = std::ranges::find(lines, file);
    ASSERT_NE(line, lines.end()) << file;
    int shared_symbols = 0;
    for (++line; line != lines.end() && !line->empty(); ++line) {
      const bool is_shared = line->find(" W ") != std::string::npos;
      if (!is_shared) continue;
      ++shared_symbols;
      EXPECT_THAT(*line, ::testing::HasSubstr(vector_type)) << "in " << file;
    }
    EXPECT_GT(shared_symbols, 0) << "nm was not understood";
  }
}

}  // namespace
}  // namespace sketchscope::kernels
