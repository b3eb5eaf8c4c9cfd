#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

#include "cli/common_options.hpp"
#include "cli/output.hpp"
#include "cli/standard_streams.hpp"
#include "cli/subcommand.hpp"
#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/corpus/corpus.hpp"
#include "engine/train/train.hpp"
#include "engine/train/training_log.hpp"

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

constexpr int kCheckedSteps = 200;

/// The name of a folder for temporary files, which the destructor removes.
class ScratchFolder {
 public:
  ScratchFolder() = default;
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("sketchscope-check-" + std::to_string(getpid()));
};

void print_measure(const train::TrainingProgress& progress) {
  std::cerr << "step " << progress.step << " of " << progress.steps << ": loss "
            << core::number_text(progress.loss) << ", answers "
            << core::number_text(progress.answer_loss) << ", validation "
            << core::number_text(progress.validation->loss);
  for (const auto& share : progress.validation->by_distance) {
    std::cerr << "; " << share.right << " of " << share.asked << " right at " << share.from << "-"
              << share.to << " tokens";
  }
  std::cerr << '\n';
}

/// `train`: rebuilds the embedded model from the corpus generator, or checks that it can.
class TrainCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    flags.add("--out", directory_, "folder for model, checkpoint and log (default: out/train)");
    flags.add("--steps", options_.steps, {1, kAny}, "length of the whole schedule (default: 2100)");
    flags.add("--stop-after", options_.stop_after, {1, kAny},
              "end after this step of the schedule");
    flags.add("--threads", options_.threads, {1, 64}, "threads at work (default: 2)");
    flags.add_switch("--check", check_, "repeat the embedded model's first 200 steps and compare");
  }

  void run(const std::stop_token& stop) override {
    if (check_) return check(stop);
    if (!directory_.empty()) options_.directory = directory_;
    int step = 0;
    {
      Progress line("train");
      train::train(options_, [&](const train::TrainingProgress& progress) {
        step = progress.step;
        if (progress.validation) print_measure(progress);
        line.show(static_cast<double>(progress.step) / progress.steps);
        return !stop.stop_requested();
      });
    }
    if (stop.stop_requested()) {
      std::cerr << "Stopped after step " << step << "; the same command continues from there\n";
    } else {
      std::cerr << "The model is in " << (options_.directory / "model").string() << '\n';
    }
  }

 private:
  /// Repeats the first steps of the run that made the embedded model. Throws Error if they differ.
  void check(const std::stop_token& stop) {
    constexpr int kWindow = 20;
    constexpr double kTolerance = 0.1;
    const auto expected = train::read_loss_curve(embedded_model() / "training.jsonl");
    const ScratchFolder scratch;
    options_.directory = scratch.path();
    options_.stop_after = kCheckedSteps;
    options_.measure_every = options_.steps;
    std::vector<double> losses;
    {
      Progress line("check");
      train::train(options_, [&](const train::TrainingProgress& progress) {
        losses.push_back(progress.loss);
        line.show(static_cast<double>(progress.step) / kCheckedSteps);
        return !stop.stop_requested();
      });
    }
    if (stop.stop_requested()) throw core::Cancelled("the check was interrupted");
    if (losses.size() < static_cast<std::size_t>(kCheckedSteps)) {
      throw core::Error({.what = "check of the training",
                         .found = "stopped after " + std::to_string(losses.size()) + " steps",
                         .expected = std::to_string(kCheckedSteps)});
    }
    const double difference = train::largest_difference(losses, expected, kWindow);
    const auto steps = std::to_string(losses.size());
    if (!(difference <= kTolerance)) {
      throw core::Error(
          {.what = "training curve of the embedded model over " + steps + " steps",
           .found = "a difference of " + core::number_text(difference) + " nats",
           .expected = "at most " + core::number_text(kTolerance),
           .remedy = "The corpus or the trainer has changed since the model was made"});
    }
    write_standard_output(
        steps + " steps repeated; the largest difference of the loss, by means over " +
        std::to_string(kWindow) + " steps, is " + core::number_text(difference) + " nats\n");
  }

  train::TrainOptions options_{.directory = "out/train"};
  std::filesystem::path directory_;
  bool check_ = false;
};

}  // namespace

std::unique_ptr<Subcommand> make_tale_command() {
  return std::make_unique<TaleCommand>();
}

std::unique_ptr<Subcommand> make_train_command() {
  return std::make_unique<TrainCommand>();
}

}  // namespace sketchscope::cli
