if(MLPROV_SANITIZE)
  add_compile_options(-fsanitize=${MLPROV_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MLPROV_SANITIZE})
endif()
