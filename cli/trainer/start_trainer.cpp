#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/own_words.hpp"
#include "cli/subcommand.hpp"
#include "cli/trainer/train_flags.hpp"
#include "engine/core/error.hpp"

namespace sketchscope::cli {
namespace {

constexpr const char* kTrainer = "sketchscope-trainer";

/// Returns the trainer's program: beside this one in a build, else where the package puts it.
std::filesystem::path trainer_program() {
  const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  std::error_code ignored;
  for (const auto& place : {folder / kTrainer, folder / "../lib/sketchscope" / kTrainer}) {
    if (std::filesystem::exists(place, ignored)) return place;
  }
  throw core::Error({.what = std::string(kTrainer) + " was not found",
                     .expected = "it beside " + folder.string() + "/sketchscope or in " +
                                 (folder / "../lib/sketchscope").lexically_normal().string(),
                     .remedy = "Build or install the program again, with LibTorch"});
}

/// `train`, which becomes the trainer's program, so that no other command waits for LibTorch.
class StartTrainerCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override { flags_.declare(flags); }

  void run(const std::stop_token& /*stop*/) override {
    const std::filesystem::path trainer = trainer_program();
    std::vector<std::string> words = own_words();
    execv(trainer.c_str(), pointers_to(words).data());
    throw core::Error({.what = trainer.string() + " cannot be started",
                       .found = std::strerror(errno),
                       .remedy = "Build or install the program again, with LibTorch"});
  }

 private:
  TrainFlags flags_;
};

}  // namespace

std::unique_ptr<Subcommand> make_train_command() {
  return make_subcommand<StartTrainerCommand>();
}

}  // namespace sketchscope::cli
