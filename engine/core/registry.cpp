#include "engine/core/registry.hpp"

#include "engine/core/error.hpp"
#include "engine/core/text.hpp"

namespace sketchscope::core {

void refuse_name(std::string_view what, std::string_view name,
                 const std::vector<std::string_view>& known) {
  throw UsageError(
      {.what = std::string(what),
       .found = "'" + std::string(name) + "'",
       .expected = "one of " + join(known) + "; nearest: " + join(nearest(name, known))});
}

}  // namespace sketchscope::core
