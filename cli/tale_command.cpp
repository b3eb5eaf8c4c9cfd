#include <string>

#include "cli/standard_streams.hpp"
#include "cli/subcommand.hpp"
#include "engine/corpus/corpus.hpp"

namespace sketchscope::cli {
namespace {

corpus::CorpusSplit split_named(std::string_view name) {
  if (name == "train") return corpus::CorpusSplit::train;
  return name == "validation" ? corpus::CorpusSplit::validation : corpus::CorpusSplit::test;
}

/// `tale`: prints tales of a split of the embedded model's corpus.
class TaleCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    flags.group("Run");
    flags.add_choice("--split", split_, {"train", "validation", "test"},
                     "part of the corpus (default: test)");
    flags.add("--seed", seed_, {0, kAny}, "of the first tale (default: 1)");
    flags.add("--tales", tales_, {1, 100'000}, "how many, one after another (default: 1)");
    flags.add("--characters", characters_, {1, 1'000'000},
              "a tale ends with the first sentence beyond (default: 4000)");
  }

  void run(const std::stop_token& stop) override {
    for (int tale = 0; tale < tales_ && !stop.stop_requested(); ++tale) {
      write_standard_output(corpus::make_tale({.split = split_named(split_),
                                               .seed = static_cast<std::uint64_t>(seed_ + tale),
                                               .characters = static_cast<std::size_t>(characters_)})
                                .text +
                            '\n');
    }
  }

 private:
  std::string split_ = "test";
  int seed_ = 1;
  int tales_ = 1;
  int characters_ = 4000;
};

}  // namespace

std::unique_ptr<Subcommand> make_tale_command() {
  return std::make_unique<TaleCommand>();
}

}  // namespace sketchscope::cli
