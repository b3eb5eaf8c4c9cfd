#include "engine/core/junit.hpp"

#include <algorithm>
#include <sstream>

#include "engine/core/text.hpp"

namespace sketchscope::core {

std::string junit_xml(const std::string& suite, std::span<const JunitCase> cases) {
  const auto failures =
      std::ranges::count_if(cases, [](const JunitCase& one) { return !one.failure.empty(); });
  std::ostringstream xml;
  xml << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"" << xml_escaped(suite)
      << "\" tests=\"" << cases.size() << "\" failures=\"" << failures << "\">\n";
  for (const JunitCase& one : cases) {
    xml << "  <testcase classname=\"" << xml_escaped(suite) << "\" name=\"" << xml_escaped(one.name)
        << "\" time=\"" << one.seconds << "\">\n";
    if (!one.failure.empty()) {
      xml << "    <failure message=\"" << xml_escaped(one.failure) << "\"/>\n";
    }
    xml << "    <system-out>";
    for (const std::string& entry : one.log) xml << xml_escaped(entry) << "\n";
    xml << "</system-out>\n  </testcase>\n";
  }
  xml << "</testsuite>\n";
  return xml.str();
}

}  // namespace sketchscope::core
