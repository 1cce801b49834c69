# What R says about models of made-up samples: Rscript models.R <folder>
#
# Reads sample.csv from the folder; writes results.csv (case, term, estimate, se) and apistrat.csv, the published sample
# of schools that comes with the package survey (Lumley).
suppressMessages(library(survey))
options(digits = 17)
folder <- commandArgs(trailingOnly = TRUE)[1]
at <- function(name) file.path(folder, name)
results <- list()

note <- function(case, fit) {
  of <- coef(fit)
  results[[length(results) + 1]] <<- data.frame(
    case = case, term = names(of), estimate = as.numeric(of), se = sqrt(diag(as.matrix(vcov(fit))))
  )
}

firms <- read.csv(at("sample.csv"), colClasses = c(firm_id = "character", stratum_id = "character"))
design <- svydesign(id = ~firm_id, strata = ~stratum_id, weights = ~weight_final, fpc = ~pop_n_stratum, data = firms)
note("svyglm-ols", svyglm(output ~ rd + cooperation, design))
note("svyglm-logit", svyglm(innovator ~ rd + cooperation, design, family = quasibinomial()))
note("svyglm-poisson", svyglm(patents ~ rd + cooperation, design, family = quasipoisson()))

data(api)
schools <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat, fpc = ~fpc)
note("api", svyglm(api00 ~ ell + meals + mobility, schools))
note("api-mean", svymean(~api00, schools))
write.csv(apistrat, at("apistrat.csv"), row.names = FALSE)
write.csv(do.call(rbind, results), at("results.csv"), row.names = FALSE)
