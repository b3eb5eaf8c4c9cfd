#include "tests/support/reference_passage.hpp"

#include <algorithm>
#include <cmath>

#include "tests/support/reference_run.hpp"

namespace sketchscope::support {
namespace {

int likeliest(const std::vector<double>& logits) {
  return static_cast<int>(std::ranges::max_element(logits) - logits.begin());
}

double log_sum_exp(const std::vector<double>& logits) {
  double total = 0;
  for (const double logit : logits) total += std::exp(logit);
  return std::log(total);
}

double logit_kl(const std::vector<double>& p, const std::vector<double>& q) {
  const double p_sum = log_sum_exp(p);
  const double q_sum = log_sum_exp(q);
  double kl = 0;
  for (std::size_t token = 0; token < p.size(); ++token) {
    const double log_p = p[token] - p_sum;
    kl += std::exp(log_p) * (log_p - (q[token] - q_sum));
  }
  return kl;
}

class PassageReader {
 public:
  PassageReader(const TinyModelOptions& model, const checkpoint::Checkpoint& checkpoint,
                const settings::Knobs& knobs)
      : layers_(model.config.layers), run_(model.config, checkpoint, knobs) {}

  void prefill(std::span<const int> prompt) {
    logits_ = run_.prefill({prompt.begin(), prompt.end()});
  }

  void feed(int token) {
    logits_ = run_.feed(token);
    result_.logits.push_back(logits_);
    double retained = 0;
    for (int layer = 0; layer < layers_; ++layer) retained += run_.retained_mass(layer) / layers_;
    result_.retained_mass.push_back(retained);
  }

  void score(int token) {
    if (logits_.empty()) return;
    result_.nll += log_sum_exp(logits_) - logits_[static_cast<std::size_t>(token)];
    ++result_.scored;
  }

  int draw() { return result_.drawn.emplace_back(likeliest(logits_)); }

  ReferencePassage result() {
    result_.evictions = run_.evictions().size();
    return std::move(result_);
  }

 private:
  int layers_;
  ReferenceRun run_;
  std::vector<double> logits_;
  ReferencePassage result_;
};

}  // namespace

bool has_reference(const settings::Knobs& knobs) {
  return knobs.read.name() == "full" && knobs.kv == kernels::KvFormat::f32 &&
         knobs.target == settings::TargetKind::none;
}

ReferencePassage reference_passage(const TinyModelOptions& model, const settings::Knobs& knobs,
                                   const schedule::Passage& passage) {
  const checkpoint::Checkpoint checkpoint = make_tiny_checkpoint(model);
  PassageReader reader(model, checkpoint, knobs);
  if (passage.prompt.size() > 1 && knobs.prefill != settings::Prefill::stream) {
    reader.prefill(passage.prompt);
  } else {
    for (const int token : passage.prompt) reader.feed(token);
  }
  for (const int token : passage.given) {
    reader.score(token);
    reader.feed(token);
  }
  for (int left = passage.drawn.tokens; left > 0; --left) {
    const int token = reader.draw();
    if (left > 1) reader.feed(token);
  }
  return reader.result();
}

double mean_logit_kl(const ReferencePassage& full, const ReferencePassage& capped) {
  double sum = 0;
  for (std::size_t step = 0; step < full.logits.size(); ++step) {
    sum += logit_kl(full.logits[step], capped.logits[step]);
  }
  return sum / static_cast<double>(full.logits.size());
}

double top1_agreement(const ReferencePassage& full, const ReferencePassage& capped) {
  double agreed = 0;
  for (std::size_t step = 0; step < full.logits.size(); ++step) {
    agreed += likeliest(full.logits[step]) == likeliest(capped.logits[step]) ? 1 : 0;
  }
  return agreed / static_cast<double>(full.logits.size());
}

}  // namespace sketchscope::support
