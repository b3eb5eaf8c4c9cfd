#include <unistd.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <string>

#include "engine/text/tokenizer.hpp"

#include "tests/cli/command_fixture.hpp"

namespace sketchscope::support {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;

class GenerateCommand : public CommandFixture {
 protected:
  [[nodiscard]] ProgramResult generate(std::vector<std::string> more) const {
    std::vector<std::string> arguments = {"generate",
                                          "--tokens",
                                          "1 2 3",
                                          "--max-new-tokens",
                                          "24",
                                          "--ignore-eos",
                                          "--max-cache-size",
                                          "12",
                                          "--sinks",
                                          "2",
                                          "--recent-window",
                                          "4"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_on_tiny_model(arguments);
  }
};

TEST_F(GenerateCommand, WritesJsonAloneToStandardOutput) {
  const auto result = generate({"--json", "-"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = Json::parse(result.out);
  EXPECT_EQ(json.at("schema"), "sketchscope/generate/1");
  EXPECT_THAT(json.at("result").at("tokens"), SizeIs(24));
  EXPECT_TRUE(json.at("result").contains("text"));
  EXPECT_EQ(json.at("timing").at("steps"), 24);
  EXPECT_GT(json.at("memory").at("kv_bytes"), 0);
}

TEST_F(GenerateCommand, CountsTheEvictionsThatTheCapacityForces) {
  const Json result = Json::parse(generate({"--json", "-"}).out).at("result");
  // 3 + 23 tokens are fed to two layers of 12 slots.
  EXPECT_EQ(result.at("evictions"), 2 * (3 + 23 - 12));
  EXPECT_LT(result.at("retained_mass"), 1.0);
}

TEST_F(GenerateCommand, GivesTheSameTokensAgainAndForAnyNumberOfThreads) {
  const auto tokens = [&](const std::string& threads) {
    const auto result = generate({"--json", "-", "--threads", threads, "--temperature", "1.5"});
    return Json::parse(result.out).at("result").at("tokens");
  };
  const Json one = tokens("1");
  EXPECT_EQ(tokens("1"), one);
  EXPECT_EQ(tokens("3"), one);
}

TEST_F(GenerateCommand, LeavesOutWhatWasNotMeasured) {
  const Json json = Json::parse(generate({"--json", "-", "--audit", "off"}).out);
  EXPECT_FALSE(json.at("result").contains("retained_mass"));
  EXPECT_FALSE(json.at("result").contains("logit_kl"));
  EXPECT_EQ(json.at("memory").at("audit_bytes"), 0);
  const Json twin = Json::parse(generate({"--json", "-", "--twin"}).out);
  EXPECT_TRUE(twin.at("result").contains("logit_kl"));
  EXPECT_TRUE(twin.at("result").contains("retained_mass"));
}

TEST_F(GenerateCommand, PrintsTheTextAndASummaryForPeople) {
  const auto result = generate({});
  const auto json = generate({"--json", "-"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  for (const char* part : {"keys and values", "stored per layer", "12 12", "evictions", "tokens/s",
                           "sketch overhead", "the full cache", "weights"}) {
    EXPECT_THAT(result.err, HasSubstr(part));
  }
  // The tiny model writes bytes that are no UTF-8; only their number can be compared with JSON.
  EXPECT_GT(result.out.size(), Json::parse(json.out).at("result").at("tokens").size());
}

TEST_F(GenerateCommand, WritesOneRecordALine) {
  const auto file = output() / "steps.jsonl";
  ASSERT_EQ(generate({"--record", file}).exit_code, 0);
  std::istringstream lines(read_bytes(file));
  std::vector<Json> records;
  for (std::string line; std::getline(lines, line);) records.push_back(Json::parse(line));
  ASSERT_THAT(records, SizeIs(24));
  EXPECT_EQ(records.front().at("prompt_tokens"), 3);
  EXPECT_EQ(records.back().at("step"), 23);
  EXPECT_THAT(records.back().at("evictions"), SizeIs(2));
  EXPECT_EQ(records.back().at("evictions").at(0).at("reason"), "capacity");
  EXPECT_THAT(written(), ElementsAre("steps.jsonl"));
}

TEST_F(GenerateCommand, WritesATraceOfEveryStepThatPerfettoOpens) {
  const auto file = output() / "steps.json";
  const auto result =
      run_on_tiny_model({"generate", "--tokens", "1 2 3", "--max-new-tokens", "6", "--prefill",
                         "stream", "--ignore-eos", "--policy", "window", "--max-cache-size", "5",
                         "--recent-window", "2", "--sinks", "1", "--trace", file.string()});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json trace = Json::parse(read_bytes(file));
  std::map<std::string, int> events;
  for (const Json& event : trace.at("traceEvents")) {
    if (event.at("ph") == "X" && event.at("cat") != "helper")
      ++events[event.at("name").get<std::string>()];
  }
  for (int step = 0; step < 8; ++step) {
    EXPECT_EQ(events["step " + std::to_string(step)], 1) << "step " << step;
  }
  EXPECT_EQ(events["attention"], 2 * 8) << "layers × steps";
  EXPECT_EQ(events["evict"], 2 * 3) << "eight tokens come to tables of five slots";
  EXPECT_EQ(Json::parse(trace.at("otherData").at("about").get<std::string>()).at("policy"),
            "window");
}

TEST_F(GenerateCommand, ReadsAPromptFromTextAndFromAFile) {
  write_bytes(output() / "prompt", "the the");
  const auto text = run_on_tiny_model(
      {"generate", "--prompt", "the the", "--json", "-", "--max-new-tokens", "5"});
  const auto file = run_on_tiny_model(
      {"generate", "--prompt-file", output() / "prompt", "--json", "-", "--max-new-tokens", "5"});
  ASSERT_EQ(text.exit_code, 0) << text.err;
  ASSERT_EQ(file.exit_code, 0) << file.err;
  EXPECT_EQ(Json::parse(text.out).at("result").at("tokens"),
            Json::parse(file.out).at("result").at("tokens"));
}

TEST_F(GenerateCommand, WorksOnTokensWithoutATokenizer) {
  std::filesystem::remove(model() / "vocab.json");
  std::filesystem::remove(model() / "merges.txt");
  const auto result = generate({"--json", "-"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_FALSE(Json::parse(result.out).at("result").contains("text"));
  expect_refused(run_on_tiny_model({"generate", "--prompt", "the"}), 2, {"tokenizer", "--tokens"});
}

TEST_F(GenerateCommand, WorksOnTokensWithATokenizerThatItCannotFollow) {
  write_bytes(model() / "tokenizer.json", R"({"model": {"type": "WordPiece", "vocab": {"a": 0}}})");
  const auto result = generate({"--json", "-"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_FALSE(Json::parse(result.out).at("result").contains("text"));
  expect_refused(run_on_tiny_model({"generate", "--prompt", "the"}), 2,
                 {"model.type", "WordPiece", "--tokens"});
}

TEST_F(GenerateCommand, PutsAStartTokenBeforeAPromptWhereTheTokenizerAsksForIt) {
  write_bytes(model() / "tokenizer_config.json",
              R"({"bos_token": "<|endoftext|>", "add_bos_token": true})");
  const auto plain = run_on_tiny_model(
      {"generate", "--prompt", "the the", "--json", "-", "--max-new-tokens", "5"});
  const auto started = run_on_tiny_model(
      {"generate", "--prompt", "<|endoftext|>the the", "--json", "-", "--max-new-tokens", "5"});
  const auto tokens = run_on_tiny_model(
      {"generate", "--tokens", "259 257 258", "--json", "-", "--max-new-tokens", "5"});
  ASSERT_EQ(plain.exit_code, 0) << plain.err;
  const auto new_tokens = [](const auto& result) {
    return Json::parse(result.out).at("result").at("tokens");
  };
  EXPECT_EQ(new_tokens(plain), new_tokens(tokens));
  EXPECT_EQ(new_tokens(started), new_tokens(tokens));
}

TEST_F(GenerateCommand, ChoosesTheStartTokenByAFlag) {
  write_bytes(model() / "tokenizer_config.json",
              R"({"bos_token": "<|endoftext|>", "add_bos_token": true})");
  const auto tokens = [&](std::vector<std::string> prompt) {
    prompt.insert(prompt.begin(), {"generate", "--json", "-", "--max-new-tokens", "5"});
    const auto result = run_on_tiny_model(prompt);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Json::parse(result.out).at("result").at("tokens");
  };
  EXPECT_EQ(tokens({"--prompt", "the the", "--bos", "off"}), tokens({"--tokens", "257 258"}));
  EXPECT_EQ(tokens({"--prompt", "the the", "--bos", "on"}), tokens({"--tokens", "259 257 258"}));
  EXPECT_EQ(tokens({"--prompt", "the the", "--bos", "auto"}), tokens({"--prompt", "the the"}));
  expect_refused(run_on_tiny_model({"generate", "--tokens", "1", "--bos", "on"}), 2,
                 {"--bos", "--prompt"});
  expect_refused(run_on_tiny_model({"generate", "--prompt", "the", "--bos", "maybe"}), 2,
                 {"--bos", "maybe", "auto"});
}

TEST_F(GenerateCommand, TakesAPromptAsWhatAUserSaysInAChat) {
  TinyModelOptions wide;
  wide.config.positions = 128;  // the marks of a chat are many tokens here
  write_tiny_model(wide, model());
  write_bytes(model() / "tokenizer_config.json",
              R"({"bos_token": "<|endoftext|>", "add_bos_token": true, "chat_template":
                  "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + )"
              R"('<|im_end|>\\n' }}{% endfor %}{{ '<|im_start|>assistant\\n' }}"})");
  const auto tokens = [&](std::vector<std::string> prompt) {
    prompt.insert(prompt.begin(), {"generate", "--json", "-", "--max-new-tokens", "5"});
    const auto result = run_on_tiny_model(prompt);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Json::parse(result.out).at("result").at("tokens");
  };
  const std::string turn = "<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n";
  EXPECT_EQ(tokens({"--chat", "--prompt", "a"}), tokens({"--bos", "off", "--prompt", turn}));
  EXPECT_EQ(tokens({"--chat", "--bos", "on", "--prompt", "a"}), tokens({"--prompt", turn}));
  write_bytes(output() / "said", "a");
  EXPECT_EQ(tokens({"--system", "b", "--prompt-file", output() / "said"}),
            tokens({"--bos", "off", "--prompt", "<|im_start|>system\nb<|im_end|>\n" + turn}));
  expect_refused(run_on_tiny_model({"generate", "--tokens", "1", "--system", "b"}), 2,
                 {"--system", "--prompt"});
}

TEST_F(GenerateCommand, RefusesAChatWithAModelThatHasNoTemplate) {
  expect_refused(run_on_tiny_model({"generate", "--chat", "--prompt", "a"}), 1,
                 {"no chat template", "chat_template.jinja", "plain text"});
}

TEST_F(GenerateCommand, GoesOnWithAnIdThatHasNoTextAndWritesEverything) {
  // The vocabulary is padded: the model draws ids that the tokenizer does not have.
  TinyModelOptions padded;
  padded.config.vocabulary = 5000;
  padded.config.ends_of_text = {};
  write_tiny_model(padded, model());
  const auto result =
      generate({"--json", output() / "run.json", "--record", output() / "steps.jsonl", "--save",
                output() / "run.scope", "--temperature", "3"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = Json::parse(read_bytes(output() / "run.json")).at("result");
  const std::vector<int> tokens = json.at("tokens");
  ASSERT_THAT(tokens, SizeIs(24));
  EXPECT_GT(std::ranges::count_if(tokens, [](int token) { return token >= 260; }), 12);
  EXPECT_LT(json.at("text").get<std::string>().size(), 40U);
  EXPECT_THAT(written(), ::testing::UnorderedElementsAre("run.json", "steps.jsonl", "run.scope"));
  const auto branched = run_on_tiny_model({"branch", "--tokens", "1 2", "--max-new-tokens", "6",
                                           "--max-paths", "3", "--threshold", "0", "--json", "-"});
  ASSERT_EQ(branched.exit_code, 0) << branched.err;
  EXPECT_THAT(Json::parse(branched.out).at("paths"), SizeIs(3));
}

TEST_F(GenerateCommand, PrintsInPiecesTheTextOfAllTokens) {
  // Bytes stand alone in the tiny vocabulary, so that a step adds a part of a character at most.
  write_bytes(output() / "prompt", "\xE2\x98\x83\xE2\x98\x83");
  const auto result =
      run_on_tiny_model({"generate", "--prompt-file", output() / "prompt", "--max-new-tokens", "50",
                         "--temperature", "2", "--ignore-eos", "--json", output() / "run.json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::vector<int> tokens =
      Json::parse(read_bytes(output() / "run.json")).at("result").at("tokens");
  EXPECT_THAT(tokens, SizeIs(50));
  EXPECT_EQ(result.out, text::Tokenizer::open(model())->decode(tokens) + "\n");
}

TEST_F(GenerateCommand, EndsAtTheContextsEndAndSaysSo) {
  const auto result = generate({"--max-new-tokens", "1000", "--json", "-"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, HasSubstr("context of 64 tokens is full"));
}

TEST_F(GenerateCommand, EndsAtAnInterruptWithWhatIsThere) {
  // Long enough that the signal meets it at work: the largest context the tiny shape allows.
  TinyModelOptions large;
  large.config.positions = 200000;
  write_tiny_model(large, model());
  const auto result = run({.arguments = {"generate", "--model", model(), "--tokens", "1",
                                         "--ignore-eos", "--max-new-tokens", "190000", "--json",
                                         output() / "run.json", "--audit", "off"},
                           .runner = {"timeout", "--preserve-status", "-s", "INT", "3"}});
  EXPECT_EQ(result.exit_code, 130) << result.err;
  EXPECT_THAT(result.err, HasSubstr("interrupted by SIGINT"));
  const Json json = Json::parse(read_bytes(output() / "run.json"));
  EXPECT_EQ(json.at("partial"), true);
  EXPECT_LT(json.at("result").at("tokens").size(), 190000);
}

TEST_F(GenerateCommand, NeedsExactlyOnePrompt) {
  expect_refused(run_on_tiny_model({"generate"}), 2, {"--prompt", "--tokens"});
  expect_refused(run_on_tiny_model({"generate", "--prompt", "a", "--tokens", "1"}), 2,
                 {"--prompt", "--tokens"});
}

TEST_F(GenerateCommand, RefusesPromptsTheModelCannotTake) {
  std::string ids;
  for (int i = 0; i < 65; ++i) ids += "1 ";
  expect_refused(run_on_tiny_model({"generate", "--tokens", ids}), 1, {"65", "64"});
  expect_refused(run_on_tiny_model({"generate", "--tokens", "1 two"}), 2, {"'two'"});
  expect_refused(run_on_tiny_model({"generate", "--tokens", ""}), 1, {"prompt"});
  expect_refused(run_on_tiny_model({"generate", "--tokens", "1 260"}), 1, {"260"});
  expect_refused(run_on_tiny_model({"generate", "--prompt-file", "/no/such"}), 1, {"/no/such"});
}

TEST_F(GenerateCommand, RefusesAnOutputItCannotWriteBeforeTheWork) {
  expect_refused(generate({"--json", "/no/such/run.json"}), 1, {"/no/such/run.json"});
  expect_refused(generate({"--record", output()}), 1, {"a folder"});
  expect_refused(generate({"--json", "/proc/run.json"}), 1, {"/proc/run.json"});
}

TEST_F(GenerateCommand, RefusesAReadOnlyFolder) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write into a read-only folder";
  std::filesystem::permissions(output(), std::filesystem::perms::owner_read);
  expect_refused(generate({"--json", output() / "run.json"}), 1, {"Permission denied"});
}

TEST_F(GenerateCommand, LeavesNothingHalfWrittenBehind) {
  const auto result =
      generate({"--json", output() / "run.json", "--record", output() / "missing" / "steps"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(written(), IsEmpty());
}

TEST_F(GenerateCommand, ComparesItsTextWithTheFullCaches) {
  const auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"generate",         "--tokens", "5 9 40 7 30 2 8 8 100 4",
                                          "--max-new-tokens", "12",       "--ignore-eos",
                                          "--against-full",   "--json",   "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_on_tiny_model(arguments);
  };
  const Json full = Json::parse(run({"--policy", "full"}).out).at("result");
  EXPECT_EQ(full.at("first_divergence"), 12);
  EXPECT_EQ(full.at("token_agreement"), 1);
  const Json capped =
      Json::parse(run({"--max-cache-size", "4", "--sinks", "0", "--recent-window", "1"}).out)
          .at("result");
  EXPECT_LT(capped.at("token_agreement"), 1);
  expect_refused(run({"--temperature", "1"}), 2, {"--against-full", "temperature 1"});
}

TEST_F(GenerateCommand, TakesTextTokensAndJsonThroughPipes) {
  const auto piped = [&](const std::vector<std::string>& words, const std::string& input) {
    std::vector<std::string> all = words;
    all.insert(all.begin() + 1, {"--model", model().string()});
    const auto result = run(ProgramInput{.arguments = all, .standard_input = input});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  };
  const std::vector<std::string> rest = {"--max-new-tokens", "5", "--json", "-"};
  const auto tokens_of = [&](std::vector<std::string> words, const std::string& input) {
    words.insert(words.end(), rest.begin(), rest.end());
    return Json::parse(piped(words, input)).at("result").at("tokens");
  };
  const std::string ids = piped({"tokenize"}, "the cat");
  const Json expected = tokens_of({"generate", "--prompt", "the cat"}, "");
  EXPECT_EQ(tokens_of({"generate", "--tokens", "-"}, ids), expected);
  EXPECT_EQ(tokens_of({"generate", "--prompt-file", "-"}, "the cat"), expected);
  EXPECT_EQ(piped({"logits", "--tokens", "-"}, ids), piped({"logits", "--tokens", ids}, ""));
  EXPECT_EQ(run(ProgramInput{.arguments = {"generate", "--model", model(), "--tokens", "-"},
                             .standard_input = "1 two"})
                .exit_code,
            2);
}

}  // namespace
}  // namespace sketchscope::support
