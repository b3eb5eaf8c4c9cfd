#include "engine/sketch/conservative_count_min.hpp"

namespace sketchscope {

std::unique_ptr<Sketch> ConservativeCountMin::clone() const {
  return std::make_unique<ConservativeCountMin>(*this);
}

}  // namespace sketchscope
