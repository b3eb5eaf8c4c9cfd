#pragma once

#include "cli/subcommand.hpp"
#include "engine/corpus/corpus.hpp"

namespace sketchscope {

/// `tale`: prints tales such as the embedded model was trained on, or is tested on.
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

}  // namespace sketchscope
