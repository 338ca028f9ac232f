test "$SCALR_TERRAFORM_EXIT_CODE" != 0 || sh redisbaseline.sh /opt/data/terraform.tfplan.bin
