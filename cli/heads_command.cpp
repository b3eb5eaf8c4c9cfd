#include <algorithm>
#include <iomanip>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/common_options.hpp"
#include "cli/json_output.hpp"
#include "cli/run_summary.hpp"
#include "engine/core/files.hpp"
#include "engine/corpus/corpus.hpp"
#include "engine/measure/heads.hpp"

namespace sketchscope {
namespace {

/// `heads`: finds the heads of a model that are sinks, previous-token heads or induction heads.
class HeadsCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  [[nodiscard]] std::vector<std::vector<int>> texts(const LoadedModel& model) const;

  CommonOptions common_;
  std::filesystem::path text_;
  int tokens_ = 400;
};

constexpr double kIsSink = 0.2, kIsInduction = 0.4;

nlohmann::json heads_json(const std::vector<HeadStructure>& heads) {
  auto list = nlohmann::json::array();
  for (const auto& head : heads) {
    list.push_back({{"layer", head.layer},
                    {"head", head.head},
                    {"sink", head.sink},
                    {"previous", head.previous},
                    {"induction", head.induction}});
  }
  return {{"schema", "sketchscope/heads/1"}, {"heads", std::move(list)}};
}

void print_heads(std::ostream& stream, const std::vector<HeadStructure>& heads) {
  stream << "layer  head   sink  previous  induction\n" << std::fixed << std::setprecision(2);
  for (const auto& head : heads) {
    stream << std::setw(5) << head.layer << std::setw(6) << head.head << std::setw(7) << head.sink
           << std::setw(10) << head.previous << std::setw(11) << head.induction << '\n';
  }
  const auto count = [&](double HeadStructure::*mass, double least) {
    return std::to_string(std::ranges::count_if(
               heads, [&](const HeadStructure& head) { return head.*mass >= least; })) +
           " of " + std::to_string(heads.size());
  };
  print_line(stream, "sink " + decimals(kIsSink, 1) + " or more",
             count(&HeadStructure::sink, kIsSink));
  print_line(stream, "induction " + decimals(kIsInduction, 1) + " or more",
             count(&HeadStructure::induction, kIsInduction));
}

void HeadsCommand::declare(Flags& flags) {
  flags.group("Run");
  flags.add("--text", text_, "file to read (default: four tales of the test split)");
  flags.add("--max-tokens", tokens_, {2, std::numeric_limits<int>::max()},
            "read no more of a text than its first N tokens (default: 400)");
  common_.declare_json(flags);
  common_.declare_model(flags);
}

std::vector<std::vector<int>> HeadsCommand::texts(const LoadedModel& model) const {
  constexpr int kTales = 4;
  constexpr std::size_t kCharactersPerToken = 5;
  const auto count = static_cast<std::size_t>(std::min(tokens_, model.model->config().positions));
  std::vector<std::string> texts;
  if (!text_.empty()) {
    texts.push_back(read_file(text_));
  } else {
    for (std::uint64_t seed = 1; seed <= kTales; ++seed) {
      texts.push_back(
          make_tale(
              {.split = CorpusSplit::test, .seed = seed, .characters = count * kCharactersPerToken})
              .text);
    }
  }
  std::vector<std::vector<int>> result;
  for (const auto& text : texts) {
    auto tokens = tokenizer_of(model).encode(text);
    if (tokens.size() > count) tokens.resize(count);
    result.push_back(std::move(tokens));
  }
  return result;
}

void HeadsCommand::run() {
  const LoadedModel model = common_.open();
  JsonOutput json(common_.json());
  const int positions = model.model->config().positions;
  const auto heads = measure_heads(model.model, {.texts = texts(model),
                                                 .repeated_tokens = std::min(200, positions / 2),
                                                 .threads = common_.threads()});
  json.write(heads_json(heads));
  print_heads(json.takes_standard_output() ? std::cerr : std::cout, heads);
}

}  // namespace

std::unique_ptr<Subcommand> make_heads_command() {
  return std::make_unique<HeadsCommand>();
}

}  // namespace sketchscope
