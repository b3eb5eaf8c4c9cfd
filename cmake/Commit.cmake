# Writes a source that names the commit of a tree and the day of its release, whenever they are not the
# ones that the source names already:
# cmake -DTREE=<folder> -DSOURCE=<file> -DDATE=<day> [-DCOMMIT=<name>] -P Commit.cmake
if(NOT COMMIT)
  find_program(git git)
  if(git)
    execute_process(
      COMMAND ${git} -C ${TREE} describe --always --dirty --abbrev=10 --exclude=*
      OUTPUT_VARIABLE COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
endif()
if(NOT COMMIT)
  set(COMMIT unknown)
endif()
file(CONFIGURE OUTPUT ${SOURCE} @ONLY CONTENT [=[
#include "cli/version.hpp"

namespace sketchscope::cli {

std::string_view program_commit() {
  return "@COMMIT@";
}

std::string_view release_date() {
  return "@DATE@";
}

}  // namespace sketchscope::cli
]=])
