#include <limits>

#include "cli/commands.hpp"
#include "cli/json_output.hpp"
#include "engine/corpus/corpus.hpp"

namespace sketchscope {
namespace {

/// `tale`: prints tales of a split of the embedded model's corpus.
class TaleCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  std::string split_ = "test";
  int seed_ = 1;
  int tales_ = 1;
  int characters_ = 4000;
};

CorpusSplit split_named(std::string_view name) {
  if (name == "train") return CorpusSplit::train;
  return name == "validation" ? CorpusSplit::validation : CorpusSplit::test;
}

void TaleCommand::declare(Flags& flags) {
  constexpr int kAny = std::numeric_limits<int>::max();
  flags.group("Run");
  flags.add_choice("--split", split_, {"train", "validation", "test"},
                   "part of the corpus (default: test)");
  flags.add("--seed", seed_, {0, kAny}, "of the first tale (default: 1)");
  flags.add("--tales", tales_, {1, 100'000}, "how many, one after another (default: 1)");
  flags.add("--characters", characters_, {1, 1'000'000},
            "a tale ends with the first sentence beyond (default: 4000)");
}

void TaleCommand::run() {
  for (int tale = 0; tale < tales_; ++tale) {
    write_standard_output(make_tale({.split = split_named(split_),
                                     .seed = static_cast<std::uint64_t>(seed_ + tale),
                                     .characters = static_cast<std::size_t>(characters_)})
                              .text +
                          '\n');
  }
}

}  // namespace

std::unique_ptr<Subcommand> make_tale_command() {
  return std::make_unique<TaleCommand>();
}

}  // namespace sketchscope
