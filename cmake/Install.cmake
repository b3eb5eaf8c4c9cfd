# What `cmake --install` puts where, below one prefix. Component `program` is everything but the
# libraries of LibTorch, which are `libtorch`.
set(private_libraries lib/sketchscope) # of nobody else's interest
# The name of the package, which its documents lie below.
set(SKETCHSCOPE_PACKAGE sketchscope)
if(SKETCHSCOPE_TORCH)
  set(SKETCHSCOPE_PACKAGE sketchscope-torch)
elseif(NOT SKETCHSCOPE_GUI)
  set(SKETCHSCOPE_PACKAGE sketchscope-headless)
endif()
set(documents share/doc/${SKETCHSCOPE_PACKAGE})
set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

configure_file(packaging/sketchscope.metainfo.xml.in ${CMAKE_BINARY_DIR}/packaging/sketchscope.metainfo.xml @ONLY)

# The program, and the trainer's beside the libraries that it needs and the system does not have.
install(TARGETS sketchscope RUNTIME DESTINATION bin COMPONENT program)
if(SKETCHSCOPE_TORCH)
  set_target_properties(sketchscope-trainer PROPERTIES INSTALL_RPATH "$ORIGIN")
  install(TARGETS sketchscope-trainer RUNTIME_DEPENDENCY_SET needed
          RUNTIME DESTINATION ${private_libraries} COMPONENT program)
  install(RUNTIME_DEPENDENCY_SET needed POST_EXCLUDE_REGEXES "^/(usr/)?lib"
          LIBRARY DESTINATION ${private_libraries} COMPONENT libtorch)
endif()
install(PROGRAMS scripts/get_model DESTINATION bin RENAME sketchscope-get-model COMPONENT program)
install(DIRECTORY assets/model assets/prompts assets/grids DESTINATION share/sketchscope COMPONENT program)
install(FILES assets/models.json DESTINATION share/sketchscope COMPONENT program)

# Its documents.
find_program(gzip gzip REQUIRED)
execute_process(COMMAND ${gzip} -9nc packaging/changelog WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
                OUTPUT_FILE ${CMAKE_BINARY_DIR}/packaging/changelog.gz COMMAND_ERROR_IS_FATAL ANY)
file(GLOB pages CONFIGURE_DEPENDS docs/*.md)
install(FILES README.md ${pages} ${CMAKE_BINARY_DIR}/packaging/changelog.gz
        DESTINATION ${documents} COMPONENT program)
install(DIRECTORY assets/scripts DESTINATION ${documents}/examples COMPONENT program)

# The program writes its own manual and completions; the script's page is written by hand.
configure_file(packaging/sketchscope-get-model.1.in ${CMAKE_BINARY_DIR}/packaging/sketchscope-get-model.1 @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/packaging/sketchscope-get-model.1 DESTINATION share/man/man1 COMPONENT program)
install(CODE "
  set(share \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/share\")
  execute_process(COMMAND $<TARGET_FILE:sketchscope> manual --out \${share} COMMAND_ERROR_IS_FATAL ANY)
  file(GLOB manual \${share}/man/man1/sketchscope*.1)
  execute_process(COMMAND ${gzip} -9nf \${manual} COMMAND_ERROR_IS_FATAL ANY)
" COMPONENT program)

# The terms of what is compiled into it, as the packages state them that it was compiled from.
set(compiled_in nlohmann-json3-dev libcli11-dev)
if(SKETCHSCOPE_GUI)
  list(APPEND compiled_in libimgui-dev libstb-dev)
endif()
set(SKETCHSCOPE_NOTICES "")
foreach(package IN LISTS compiled_in)
  if(EXISTS /usr/share/doc/${package}/copyright)
    install(FILES /usr/share/doc/${package}/copyright DESTINATION ${documents}/terms RENAME ${package}
            COMPONENT program)
    string(APPEND SKETCHSCOPE_NOTICES "  terms/${package}\n")
  endif()
endforeach()
configure_file(packaging/copyright.in ${CMAKE_BINARY_DIR}/packaging/copyright @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/packaging/copyright DESTINATION ${documents} COMPONENT program)

# What a desktop shows of it and of the runs that it saves.
if(SKETCHSCOPE_GUI)
  set(icons share/icons/hicolor)
  install(FILES packaging/sketchscope.desktop DESTINATION share/applications COMPONENT program)
  install(FILES packaging/sketchscope.xml DESTINATION share/mime/packages COMPONENT program)
  install(FILES ${CMAKE_BINARY_DIR}/packaging/sketchscope.metainfo.xml DESTINATION share/metainfo
          COMPONENT program)
  foreach(icon IN ITEMS sketchscope:apps application-x-sketchscope-run:mimetypes)
    string(REPLACE ":" ";" icon ${icon})
    list(POP_FRONT icon name)
    install(FILES assets/icons/${name}.svg DESTINATION ${icons}/scalable/${icon} COMPONENT program)
    foreach(size IN ITEMS 48 128 256)
      install(FILES assets/icons/${name}-${size}.png DESTINATION ${icons}/${size}x${size}/${icon}
              RENAME ${name}.png COMPONENT program)
    endforeach()
  endforeach()
endif()
