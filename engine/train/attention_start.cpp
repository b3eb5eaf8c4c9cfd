#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/GradMode.h>

#include <cmath>

#include "engine/train/training_model.hpp"

namespace sketchscope::train {
namespace {

/// The initial layout of the residual stream, for width 192: position, token, a code of each of the
/// tokens 1, 2 and 3 back, and last a marker of position 0. Training may change all of it.
struct Layout {
  explicit Layout(const TrainingShape& shape)
      : part(shape.width / 4), code((shape.width - 2 * part - 1) / 3), mark(shape.width - 1) {}

  int part;  ///< width of the position part and of the token part
  int code;  ///< width of the code of an earlier token
  int mark;  ///< the dimension that marks position 0

  [[nodiscard]] int token() const { return part; }
  [[nodiscard]] int earlier(int back) const {
    return back == 0 ? token() : 2 * part + (back - 1) * code;
  }
};

// How strongly the starting weights act, here and in the functions below. They only say where
// training begins.
constexpr double kPositionAmplitude = 0.3;
constexpr double kTokenDeviation = 0.25;
constexpr double kBackgroundDeviation = 0.03;
constexpr double kMarkAmplitude = 40;

double frequency(int pair, int pairs) {
  constexpr double kFastest = 2.5, kSlowest = 0.004;
  return kFastest * std::pow(kSlowest / kFastest, static_cast<double>(pair) / (pairs - 1));
}

void set_embeddings(const TrainingModel& model, const Layout& layout, at::Generator& generator) {
  auto tokens = model.parameter("wte.weight");
  tokens.normal_(0, kBackgroundDeviation, generator);
  tokens.narrow(1, layout.token(), layout.part).normal_(0, kTokenDeviation, generator);
  auto positions = model.parameter("wpe.weight");
  positions.zero_();
  const auto index = at::arange(positions.size(0));
  for (int pair = 0; pair < layout.part / 2; ++pair) {
    const auto angle = index * frequency(pair, layout.part / 2);
    positions.select(1, 2 * pair).copy_(kPositionAmplitude * at::cos(angle));
    positions.select(1, 2 * pair + 1).copy_(kPositionAmplitude * at::sin(angle));
  }
  tokens.select(1, layout.mark).zero_();
  positions[0][layout.mark] = kMarkAmplitude;
}

std::string block_name(int block) {
  return "h." + std::to_string(block) + ".";
}

/// Zeroes the weights that read the marker of position 0, so that only sink heads respond to it.
void hide_mark(const TrainingModel& model, const Layout& layout) {
  for (int block = 0; block < model.shape().layers; ++block) {
    model.parameter(block_name(block) + "attn.c_attn.weight")[layout.mark].zero_();
    model.parameter(block_name(block) + "mlp.c_fc.weight")[layout.mark].zero_();
  }
}

/// Returns a random matrix (rows, columns) with orthonormal rows.
at::Tensor random_frame(int rows, int columns, at::Generator& generator) {
  const auto square = at::empty({columns, columns}).normal_(0, 1, generator);
  return std::get<0>(at::linalg_qr(square)).narrow(1, 0, rows).t().contiguous();
}

/// Returns the columns of c_attn that compute the query, key or value of `head`.
at::Tensor head_columns(const at::Tensor& c_attn, const TrainingShape& shape, int which, int head) {
  return c_attn.narrow(1, which * shape.width + head * shape.head_width(), shape.head_width());
}

/// Initialises a previous-token head of block 0 that attends `back` tokens back: its query is the
/// sinusoidal position rotated by that many steps. Its output is a code of that token.
void look_back(const TrainingModel& model, const Layout& layout, int head, int back,
               const at::Tensor& code) {
  constexpr double kMatch = 1.35, kStored = 0.25;
  const auto& shape = model.shape();
  auto c_attn = model.parameter("h.0.attn.c_attn.weight");
  auto query = head_columns(c_attn, shape, 0, head), key = head_columns(c_attn, shape, 1, head);
  query.zero_();
  key.zero_();
  for (int pair = 0; pair < shape.head_width() / 2; ++pair) {
    const double angle = back * frequency(pair, layout.part / 2);
    const int cosine = 2 * pair, sine = cosine + 1;
    query[cosine][cosine] = kMatch * std::cos(angle);
    query[sine][cosine] = kMatch * std::sin(angle);
    query[cosine][sine] = -kMatch * std::sin(angle);
    query[sine][sine] = kMatch * std::cos(angle);
    key[cosine][cosine] = kMatch;
    key[sine][sine] = kMatch;
  }
  auto value = head_columns(c_attn, shape, 2, head);
  value.zero_();
  value.narrow(0, layout.token(), layout.part).narrow(1, 0, layout.code).copy_(code.t());
  auto output =
      model.parameter("h.0.attn.c_proj.weight").narrow(0, head * shape.head_width(), layout.code);
  output.zero_();
  output.narrow(1, layout.earlier(back), layout.code).copy_(kStored * at::eye(layout.code));
}

/// One part of an induction match: the token `back` before the query must equal the token `back` +
/// 1 before the key. The dimensions [begin, end) of the codes of both are compared.
struct MatchPart {
  int back;
  int begin;
  int end;
};

/// Initialises an induction head of block 1: it attends to tokens whose predecessors equal the
/// present tokens, and copies them.
void match_and_copy(const TrainingModel& model, const Layout& layout, int head,
                    const std::vector<MatchPart>& parts, const at::Tensor& code,
                    at::Generator& generator) {
  constexpr double kMatch = 1.5, kCopied = 0.3;
  const auto& shape = model.shape();
  auto c_attn = model.parameter("h.1.attn.c_attn.weight");
  auto query = head_columns(c_attn, shape, 0, head), key = head_columns(c_attn, shape, 1, head);
  query.zero_();
  key.zero_();
  int at = 0;  // the dimension of the head at which the next part begins
  for (const auto& [back, begin, end] : parts) {
    const int count = end - begin;
    const auto eye = at::eye(count) * kMatch;
    if (back == 0) {
      query.narrow(0, layout.token(), layout.part)
          .narrow(1, at, count)
          .copy_(kMatch * code.narrow(0, begin, count).t());
    } else {
      query.narrow(0, layout.earlier(back) + begin, count).narrow(1, at, count).copy_(eye);
    }
    key.narrow(0, layout.earlier(back + 1) + begin, count).narrow(1, at, count).copy_(eye);
    at += count;
  }
  const auto copied =
      random_frame(std::min(shape.head_width(), layout.part), layout.part, generator);
  const auto rows = copied.size(0);
  auto value = head_columns(c_attn, shape, 2, head);
  value.zero_();
  value.narrow(0, layout.token(), layout.part).narrow(1, 0, rows).copy_(copied.t());
  auto output =
      model.parameter("h.1.attn.c_proj.weight").narrow(0, head * shape.head_width(), rows);
  output.zero_();
  output.narrow(1, layout.token(), layout.part).copy_(kCopied * copied);
}

/// Gives `head` an attention sink, for queries without a match: every query matches the marker of
/// position 0 in the head's last dimension, and the value read there is nearly zero.
void sink(const TrainingModel& model, const Layout& layout, int block, int head) {
  constexpr double kPull = 2.2;
  const auto& shape = model.shape();
  const int last = shape.head_width() - 1;
  auto weight = model.parameter(block_name(block) + "attn.c_attn.weight");
  head_columns(weight, shape, 0, head).select(1, last).zero_();
  auto key = head_columns(weight, shape, 1, head).select(1, last);
  key.zero_();
  key[layout.mark] = kPull;
  model.parameter(block_name(block) + "attn.c_attn.bias")[head * shape.head_width() + last] = kPull;
}

}  // namespace

void start_attention(TrainingModel& model, std::uint64_t seed) {
  const c10::NoGradGuard no_gradient;
  auto generator = at::make_generator<at::CPUGeneratorImpl>(seed + 1);
  const Layout layout(model.shape());
  set_embeddings(model, layout, generator);
  hide_mark(model, layout);
  const auto code = random_frame(layout.code, layout.part, generator);
  for (const int back : {1, 2, 3}) look_back(model, layout, back - 1, back, code);
  const int all = layout.code, half = all / 2, third = all / 3;
  match_and_copy(model, layout, 0, {{0, 0, all}}, code, generator);
  match_and_copy(model, layout, 1, {{0, 0, half}, {1, 0, half}}, code, generator);
  match_and_copy(model, layout, 2, {{0, half, all}, {1, half, all}}, code, generator);
  match_and_copy(model, layout, 3, {{0, 0, third}, {1, 0, third}, {2, 0, third}}, code, generator);
  match_and_copy(model, layout, 4, {{1, 0, half}, {2, 0, half}}, code, generator);
  for (int block = 1; block < model.shape().layers; ++block) {
    for (int head = 0; head < 5; ++head) sink(model, layout, block, head);
  }
}

}  // namespace sketchscope::train
