#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "cli/common_options.hpp"
#include "cli/json_file.hpp"
#include "cli/output.hpp"
#include "cli/standard_streams.hpp"
#include "cli/subcommand.hpp"
#include "cli/text_input.hpp"
#include "cli/worker_processes.hpp"
#include "engine/core/error.hpp"
#include "engine/core/program.hpp"
#include "engine/core/text.hpp"
#include "engine/core/timing.hpp"
#include "engine/model/prompt.hpp"
#include "engine/study/batch_measurement.hpp"
#include "engine/study/grid.hpp"
#include "engine/study/rendezvous.hpp"
#include "engine/study/study_run.hpp"
#include "engine/study/study_table.hpp"
#include "engine/study/tcp_key_store.hpp"

namespace sketchscope::cli {
namespace {

constexpr int kWorkersMaximum = 256;

std::string grid_names() {
  std::vector<std::string_view> names;
  for (const study::BuiltinGrid& grid : study::builtin_grids()) names.push_back(grid.name);
  return core::join(names);
}

/// Returns the JSON of a built-in grid or of a file.
nlohmann::json grid_json(const std::string& name) {
  const auto known = std::ranges::find(study::builtin_grids(), name, &study::BuiltinGrid::name);
  if (known != study::builtin_grids().end()) return nlohmann::json::parse(known->json);
  if (!std::filesystem::exists(name)) {
    throw core::UsageError({.what = "--grid",
                            .found = "'" + name + "'",
                            .expected = "one of " + grid_names() + ", or a file"});
  }
  return read_json_file(name, "a grid, in JSON");
}

/// `sweep`: measures every configuration of a grid in shared forward passes.
class SweepCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    flags.group("Study");
    flags.add("--grid", grid_, grid_names() + ", or a JSON file of blocks of knobs");
    flags.add("--out", out_, "folder of the results, one file a configuration");
    flags.add(
        "--text", text_,
        "text that prompts are cut from, - is standard input (default: tales of the test split)");
    flags.add_switch("--quick", quick_,
                     "the grid's quick workload (the default where there is one)");
    flags.add_switch("--full", full_, "the grid's full workload");
    flags.add_switch("--resume", resume_, "go on with a study that was broken off");
    flags.add("--workers", workers_, {1, kWorkersMaximum},
              "processes on this machine; on many machines, start it by torchrun or srun");
    flags.add("--lanes", lanes_, {1, kLanesMaximum},
              "lanes that advance together (default: by the memory that is free)");
    common_.declare(flags, {}, {});
  }

  void run(const std::stop_token& stop) override {
    if (!grid_) {
      throw core::UsageError(
          {.what = "sweep", .expected = "a grid: --grid " + grid_names() + " or FILE"});
    }
    if (out_.empty()) {
      throw core::UsageError({.what = "sweep", .expected = "a folder for the results: --out DIR"});
    }
    const auto rendezvous = this->rendezvous();
    const model::LoadedModel model = common_.open(stop);
    const study::Grid grid = this->grid(model);
    const study::StudyMaterial material = this->material(grid, model, stop);
    const int here = rendezvous ? 1 : workers_;  // processes known to share this machine's memory
    const study::Study study{
        .model = model.model,
        .grid = grid,
        .material = material,
        .lanes =
            lanes_ > 0 ? lanes_ : std::max(4, study::lanes_that_fit(*model.model, material) / here),
        .threads = std::max(1, common_.threads() / here)};
    if (!rendezvous || rendezvous->rank == 0) {
      conduct_study(study, model.name, model::prompt_text(model, material.first_prompt()),
                    rendezvous, stop);
      return;
    }
    const study::TcpKeyStore queue = study::join_key_store(rendezvous->address, rendezvous->port);
    study::work_on(study, *queue.store, rendezvous->rank, stop);
  }

 private:
  std::optional<study::Rendezvous> rendezvous() const {
    auto found = study::rendezvous_of(study::process_environment());
    if (!found || workers_ == 1) return found;
    throw core::UsageError(
        {.what = "--workers " + std::to_string(workers_),
         .found = "a process that torchrun or srun started (RANK or SLURM_PROCID is set)",
         .expected = "one of the two"});
  }

  /// Runs rank 0: the folder, the queue and its share of the work.
  void conduct_study(const study::Study& study, const std::string& model_name,
                     const std::string& prompt, const std::optional<study::Rendezvous>& rendezvous,
                     const std::stop_token& stop) const {
    const core::Stopwatch watch;
    study::StudyFolder folder(
        out_, study.grid,
        {.version = "sketchscope " + std::string(core::program_version()),
         .model = model_name,
         .material = study.material.fingerprint(),
         .vocabulary = study.model->config().vocabulary},
        resume_ ? study::StudyFolder::Existing::resume : study::StudyFolder::Existing::refuse);
    folder.keep_prompt(prompt);
    for (const std::string& warning : folder.warnings()) std::cerr << warning << '\n';
    const std::size_t before = folder.finished().size();
    const int ranks = rendezvous ? rendezvous->ranks : workers_;
    {
      Progress progress("sweep");
      study::MemoryKeyStore threads_only;
      study::TcpKeyStore served;
      if (ranks > 1) served = study::serve_key_store(rendezvous ? rendezvous->port : 0);
      std::optional<WorkerProcesses> workers;
      if (workers_ > 1) workers.emplace(workers_, served.port);
      study::conduct(study, served.store ? *served.store : threads_only, folder, {.ranks = ranks},
                     progress.sink(), stop);
      if (workers) {
        const std::vector<std::string> complaints = workers->wait();
        // Workers that the same signal has ended, too, are no failure.
        if (!stop.stop_requested()) {
          for (const std::string& complaint : complaints) std::cerr << complaint << '\n';
        }
      }
    }
    const study::StudyResults results = study::read_study(out_);
    study::write_summary(out_, results);
    std::ostringstream words;
    if (!results.missing.empty()) words << "Interrupted; --resume goes on from here.\n";
    print_line(words, "configurations",
               std::to_string(results.results.size()) + " of " +
                   std::to_string(study.grid.configurations.size()) + ", " +
                   std::to_string(folder.finished().size() - before) + " measured now");
    print_line(words, "time", decimals(watch.elapsed_ms() / 1000, 1) + " s");
    print_line(words, "results", (out_ / "summary.csv").string());
    write_standard_output(words.str());
  }

  study::Grid grid(const model::LoadedModel& model) const {
    if (quick_ && full_) {
      throw core::UsageError(
          {.what = "sweep", .found = "--quick and --full", .expected = "one of them"});
    }
    const study::Extent extent = full_    ? study::Extent::full
                                 : quick_ ? study::Extent::quick
                                          : study::Extent::as_given;
    return study::grid_from_json(grid_json(*grid_), *grid_, extent, model.model->config());
  }

  study::StudyMaterial material(const study::Grid& grid, const model::LoadedModel& model,
                                const std::stop_token& stop) const {
    const std::vector<int> text = text_.empty()
                                      ? study::tales_for(grid.workload, model::tokenizer_of(model))
                                      : model::tokenizer_of(model).encode(read_text(text_, stop));
    return study::make_material(grid.workload, model, text,
                                study::questions_for(grid.workload, model));
  }

  CommonOptions common_;
  std::optional<std::string> grid_;
  std::filesystem::path out_;
  std::filesystem::path text_;
  bool quick_ = false;
  bool full_ = false;
  bool resume_ = false;
  int workers_ = 1;
  int lanes_ = 0;
};

}  // namespace

std::unique_ptr<Subcommand> make_sweep_command() {
  return std::make_unique<SweepCommand>();
}

}  // namespace sketchscope::cli
