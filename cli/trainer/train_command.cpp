#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

#include "cli/output.hpp"
#include "cli/shipped_files.hpp"
#include "cli/standard_streams.hpp"
#include "cli/subcommand.hpp"
#include "cli/trainer/train_flags.hpp"
#include "engine/core/error.hpp"
#include "engine/core/text.hpp"
#include "engine/train/training_log.hpp"

namespace sketchscope::cli {
namespace {

constexpr int kCheckedSteps = 200;  // steps that --check repeats

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

/// `train` in the trainer's program: rebuilds the embedded model from the corpus generator, or
/// checks that it can.
class TrainCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override { flags_.declare(flags); }

  void run(const std::stop_token& stop) override {
    if (flags_.check) return check(stop);
    if (!flags_.directory.empty()) options_.directory = flags_.directory;
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
    constexpr int kWindow = 20;  // steps over which losses are averaged before they are compared
    constexpr double kTolerance = 0.1;  // nats
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

  TrainFlags flags_;
  train::TrainOptions& options_ = flags_.options;
};

}  // namespace

std::unique_ptr<Subcommand> make_train_command() {
  return make_subcommand<TrainCommand>();
}

}  // namespace sketchscope::cli
